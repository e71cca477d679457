using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Clearway.LoadTest.Wire;

/// <summary>
/// The calls of Linux that a load client needs and that cost least when made directly: one thread drives thousands of sockets by epoll(7).
/// </summary>
internal static unsafe partial class Kernel
{
    internal const int Again = 11; // EAGAIN
    internal const uint Writable = 0x004; // EPOLLOUT

    // EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET
    private const uint Interest = 0x001 | 0x004 | 0x2000 | 0x8000_0000;
    private const int NoSignal = 0x4000; // MSG_NOSIGNAL
    private const int InProgress = 115; // EINPROGRESS
    private const int Interrupted = 4; // EINTR

    /// <summary>Bytes of struct epoll_event, which is packed on x86-64 alone.</summary>
    internal static readonly int EventBytes = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    private static readonly int _eventData = EventBytes - 8;

    internal static int CreateEpoll() => Checked(epoll_create1(0));

    /// <summary>
    /// Begins to connect to 127.0.0.1 and has epoll tell, at each change, what the socket is ready for.
    /// </summary>
    internal static int Connect(int epoll, int port)
    {
        var handle = Checked(socket(2, 1 | 0x800 | 0x80000, 0)); // AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC
        var one = 1;
        Checked(setsockopt(handle, 6, 1, &one, sizeof(int))); // TCP_NODELAY
        var address = stackalloc byte[16] { 2, 0, (byte)(port >> 8), (byte)port, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0 };
        if (connect(handle, address, 16) < 0 && Marshal.GetLastPInvokeError() != InProgress)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        var interest = stackalloc byte[16];
        *(uint*)interest = Interest;
        *(int*)(interest + _eventData) = handle;
        Checked(epoll_ctl(epoll, 1, handle, interest));
        return handle;
    }

    /// <summary>Waits for events.</summary>
    /// <returns>How many there are.</returns>
    internal static int Wait(int epoll, Span<byte> events, TimeSpan longest)
    {
        var timeout = stackalloc long[2] { longest.Ticks / TimeSpan.TicksPerSecond, longest.Ticks % TimeSpan.TicksPerSecond * 100 };
        fixed (byte* first = events)
        {
            var count = epoll_pwait2(epoll, first, events.Length / EventBytes, timeout, null);
            return count >= 0 ? count : Marshal.GetLastPInvokeError() == Interrupted ? 0 : Checked(count);
        }
    }

    internal static (int Handle, uint Ready) Event(ReadOnlySpan<byte> events, int index)
    {
        var one = events.Slice(index * EventBytes, EventBytes);
        return (MemoryMarshal.Read<int>(one[_eventData..]), MemoryMarshal.Read<uint>(one));
    }

    /// <summary>Bytes received, 0 at the end of the stream, or the negative error number.</summary>
    internal static int Receive(int handle, Span<byte> into)
    {
        fixed (byte* first = into)
        {
            var count = (int)recv(handle, first, (nuint)into.Length, 0);
            return count >= 0 ? count : -Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>Bytes taken, or the negative error number.</summary>
    internal static int Send(int handle, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            var count = (int)send(handle, first, (nuint)bytes.Length, NoSignal);
            return count >= 0 ? count : -Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>Closes a socket; by a reset, no port waits afterwards (SO_LINGER of 0).</summary>
    internal static void Close(int handle, bool isReset = false)
    {
        if (isReset)
        {
            var linger = stackalloc int[2] { 1, 0 };
            Checked(setsockopt(handle, 1, 13, linger, 2 * sizeof(int)));
        }

        Checked(close(handle));
    }

    /// <summary>Lets this thread run on one core alone, and wake on time.</summary>
    internal static void PinThread(int core)
    {
        var set = 1ul << core;
        Checked(sched_setaffinity(0, sizeof(ulong), &set));
        Checked(prctl(29, 1, 0, 0, 0)); // PR_SET_TIMERSLACK, in nanoseconds
    }

    /// <summary>Ends a process as kill -9 does.</summary>
    internal static void Kill(int process) => Checked(kill(process, 9));

    private static int Checked(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(int epoll, int operation, int handle, byte* interest);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_pwait2(int epoll, byte* events, int most, long* timeout, void* signals);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsockopt(int handle, int level, int option, int* value, int length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int connect(int handle, byte* address, int length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(int handle, byte* into, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int handle, byte* bytes, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int handle);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sched_setaffinity(int thread, nuint bytes, ulong* set);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, nuint value, nuint unused1, nuint unused2, nuint unused3);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);
}
