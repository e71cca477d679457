using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Clearway.TestServers;

/// <summary>Programs that end when this process does, however it ends: a test host that is killed leaves no server behind.</summary>
public static class BoundProcess
{
    private static readonly BlockingCollection<Task> Starts = StartingThread();

    /// <summary>Starts a program.</summary>
    /// <param name="process">What to start: a program and its list of arguments.</param>
    /// <param name="farewell">The signal that it gets when this process dies, SIGINT or SIGTERM.</param>
    /// <param name="asOrdinaryUser">Whether it refuses to run as root, and is to run as nobody where this process does.</param>
    public static void Start(Process process, PosixSignal farewell = PosixSignal.SIGTERM, bool asOrdinaryUser = false)
    {
        if (OperatingSystem.IsLinux())
        {
            // It replaces itself by the program, so the process id stays.
            string[] account = asOrdinaryUser && Environment.IsPrivilegedProcess
                ? ["--reuid=nobody", "--regid=nogroup", "--clear-groups"]
                : [];
            var signal = farewell == PosixSignal.SIGINT ? "INT" : "TERM";
            string[] launcher = ["--pdeathsig", signal, .. account, "--", process.StartInfo.FileName];
            process.StartInfo.FileName = "setpriv";
            for (var i = 0; i < launcher.Length; i++)
            {
                process.StartInfo.ArgumentList.Insert(i, launcher[i]);
            }
        }

        var start = new Task(() => process.Start());
        Starts.Add(start);
        start.GetAwaiter().GetResult();
    }

    // The kernel sends the signal when the thread ends that started the child, so one that never ends starts them all.
    private static BlockingCollection<Task> StartingThread()
    {
        var starts = new BlockingCollection<Task>();
        new Thread(() =>
        {
            foreach (var start in starts.GetConsumingEnumerable())
            {
                start.RunSynchronously();
            }
        })
        { IsBackground = true, Name = "starts processes" }.Start();
        return starts;
    }
}
