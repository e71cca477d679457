using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Local;

/// <summary>One port in front of several replicas: each connection goes to the next one that accepts it.</summary>
internal sealed class LoadBalancer : IAsyncDisposable
{
    private readonly List<TcpListener> _listeners = [];
    private readonly int[] _targets;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _loops = [];
    private int _next = -1;

    private LoadBalancer(int[] targets) => _targets = targets;

    /// <summary>Listens on the loopback addresses.</summary>
    /// <param name="port">The clients' port.</param>
    /// <param name="targets">The replicas' ports.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static LoadBalancer Start(int port, int[] targets)
    {
        var balancer = new LoadBalancer(targets);
        balancer.Listen(IPAddress.Loopback, port);
        if (Socket.OSSupportsIPv6)
        {
            try
            {
                balancer.Listen(IPAddress.IPv6Loopback, port);
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressNotAvailable)
            {
                // IPv6 is built in and switched off.
            }
        }

        return balancer;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        foreach (var listener in _listeners)
        {
            listener.Dispose();
        }

        await Task.WhenAll(_loops).ConfigureAwait(false);
        _stop.Dispose();
    }

    private void Listen(IPAddress address, int port)
    {
        var listener = new TcpListener(address, port);
        listener.Start();
        _listeners.Add(listener);
        _loops.Add(AcceptAsync(listener));
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await listener.AcceptSocketAsync(_stop.Token).ConfigureAwait(false);
                _ = Task.Run(() => ServeAsync(client));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // A client that left before it was accepted is no reason to stop; the loop's condition ends it at disposal.
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        {
            using var target = await ConnectAsync().ConfigureAwait(false);
            if (target is null)
            {
                return;
            }

            client.NoDelay = target.NoDelay = true;
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            await Task.WhenAll(CopyAsync(client, target, ended), CopyAsync(target, client, ended)).ConfigureAwait(false);
        }
    }

    private async Task<Socket?> ConnectAsync()
    {
        for (var attempt = 0; attempt < _targets.Length; attempt++)
        {
            var target = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                var turn = (uint)Interlocked.Increment(ref _next) % (uint)_targets.Length;
                await target.ConnectAsync(IPAddress.Loopback, _targets[turn], _stop.Token).ConfigureAwait(false);
                return target;
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                target.Dispose();
            }
        }

        return null;
    }

    private static async Task CopyAsync(Socket from, Socket to, CancellationTokenSource ended)
    {
        var buffer = GC.AllocateUninitializedArray<byte>(16 * 1024);
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer.AsMemory(), ended.Token).ConfigureAwait(false)) > 0)
            {
                for (var sent = 0; sent < read;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), ended.Token).ConfigureAwait(false);
                }
            }

            // The other direction may go on: a client that has sent its request still waits for the answer.
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            await ended.CancelAsync().ConfigureAwait(false);
        }
    }
}
