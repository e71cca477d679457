using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Clearway.EndToEndTests;

/// <summary>
/// The network between browsers: every ICE candidate that passes signaling is replaced by an address of this process, which carries the
/// packets on. What it has carried so far can be cut as a network is that one walks out of; addresses that are told afterwards work.
/// </summary>
internal sealed partial class NetworkPath : IAsyncDisposable
{
    private readonly ConcurrentBag<Front> _fronts = [];

    /// <summary>Puts this network around a participant; before joining.</summary>
    public async Task<GatewayTap> CarryAsync(ParticipantPage page)
    {
        var tap = await GatewayTap.OnAsync(page);
        tap.ToGateway = Redirect;
        return tap;
    }

    /// <summary>No packet passes any more on any way that is known by now.</summary>
    public void Cut()
    {
        foreach (var front in _fronts)
        {
            front.IsCut = true;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var front in _fronts)
        {
            await front.DisposeAsync();
        }
    }

    private JsonObject Redirect(JsonObject frame)
    {
        switch ((string?)frame["type"])
        {
            case "candidate":
                RedirectCandidate(frame);
                return frame;
            case "offer" or "answer":
                // Candidates that are in the description already have come by frames of their own.
                var sdp = (string)frame["payload"]!["sdp"]!;
                frame["payload"]!["sdp"] = CandidateLine().Replace(sdp, "");
                return frame;
            default:
                return frame;
        }
    }

    /// <summary>
    /// Addresses of this machine over UDP are stood in for. The relay would be a way around: in its place stands one where nobody listens,
    /// since a frame that is counted must arrive.
    /// </summary>
    private void RedirectCandidate(JsonObject frame)
    {
        var parts = ((string)frame["payload"]!["candidate"]!).Split(' ');
        if (parts.Length < 8 || parts[2] != "udp" || parts[7] != "host" || !IPAddress.TryParse(parts[4], out var address)
            || address.AddressFamily != AddressFamily.InterNetwork)
        {
            frame["payload"]!["candidate"] = "candidate:1 1 udp 1 127.0.0.1 9 typ host";
            return;
        }

        var front = new Front(new IPEndPoint(address, int.Parse(parts[5], CultureInfo.InvariantCulture)));
        _fronts.Add(front);
        parts[4] = front.Address.Address.ToString();
        parts[5] = front.Address.Port.ToString(CultureInfo.InvariantCulture);
        frame["payload"]!["candidate"] = string.Join(' ', parts);
    }

    [GeneratedRegex("a=candidate:[^\r\n]*\r\n")]
    private static partial Regex CandidateLine();

    /// <summary>Stands in for one address of one browser, as a translating router does (RFC 4787).</summary>
    private sealed class Front : IAsyncDisposable
    {
        private readonly IPEndPoint _browser;
        private readonly Socket _socket;
        private readonly ConcurrentDictionary<IPEndPoint, Socket> _backs = new();
        private readonly ConcurrentBag<Task> _carrying = [];

        internal Front(IPEndPoint browser)
        {
            _browser = browser;
            _socket = Bound(browser.Address);
            _carrying.Add(CarryInAsync());
        }

        internal bool IsCut { get; set; }

        internal IPEndPoint Address => (IPEndPoint)_socket.LocalEndPoint!;

        public async ValueTask DisposeAsync()
        {
            _socket.Dispose();
            foreach (var back in _backs.Values)
            {
                back.Dispose();
            }

            await Task.WhenAll(_carrying);
        }

        private static Socket Bound(IPAddress address)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(address, 0));
            return socket;
        }

        /// <summary>To the browser; each sender has a socket of its own there, so that answers find back.</summary>
        private async Task CarryInAsync()
        {
            await CarryAsync(_socket, async (packet, sender) =>
            {
                if (!_backs.TryGetValue(sender, out var back))
                {
                    back = _backs[sender] = Bound(_browser.Address);
                    _carrying.Add(CarryAsync(back, (answer, _) => _socket.SendToAsync(answer, sender)));
                }

                return await back.SendToAsync(packet, _browser);
            });
        }

        private async Task CarryAsync(Socket from, Func<ReadOnlyMemory<byte>, IPEndPoint, ValueTask<int>> send)
        {
            var buffer = new byte[2048];
            while (true)
            {
                try
                {
                    var received = await from.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                    if (!IsCut)
                    {
                        await send(buffer.AsMemory(0, received.ReceivedBytes), (IPEndPoint)received.RemoteEndPoint);
                    }
                }
                catch (ObjectDisposedException)
                {
                    return;
                }
                catch (SocketException gone) when (gone.SocketErrorCode == SocketError.OperationAborted)
                {
                    return;
                }
                catch (SocketException)
                {
                    // The browser has closed that address: a network loses such packets.
                }
            }
        }
    }
}
