using System.Diagnostics;
using System.Text;
using Clearway.LoadTest.Wire;

namespace Clearway.LoadTest.Fuzz;

/// <summary>
/// A hostile client: joins as everybody does, or does not, and sends changed frames, a few at a time, until the gateway ends it. A ping
/// after each few tells that the gateway still answers.
/// </summary>
/// <param name="token">Its room token; null for one that never joins.</param>
/// <param name="mutator">Makes the frames.</param>
/// <param name="most">Frames after which it goes away.</param>
internal sealed class Attacker(string? token, Mutator mutator, int most) : Client
{
    private const int AtOnce = 5;

    /// <summary>Changed frames sent.</summary>
    internal int Sent { get; private set; }

    /// <summary>The beginning of what it was told last, for whoever has to find out why it got no further.</summary>
    internal string LastTold { get; private set; } = "nothing";

    /// <summary>When it last got on, in ticks of <see cref="Stopwatch"/>.</summary>
    internal long LastProgress { get; private set; } = Stopwatch.GetTimestamp();

    protected override string Target => "/api/v1/ws";

    protected override string Subprotocol => "clearway.v1";

    protected override void OnOpen()
    {
        LastTold = "that the WebSocket is open";
        if (token is null)
        {
            Attack();
        }
        else
        {
            SendText($$"""{"type":"join","token":"{{token}}"}""");
        }
    }

    protected override void OnFrame(byte opcode, bool isFinal, ReadOnlySpan<byte> payload)
    {
        if (Sent > 0)
        {
            return;
        }

        LastTold = Encoding.UTF8.GetString(payload[..Math.Min(payload.Length, 100)]);
        if (payload.StartsWith("{\"type\":\"welcome\""u8))
        {
            Attack();
        }
        else if (payload.StartsWith("{\"type\":\"knocking\""u8))
        {
            // An attacker's order to kick somebody was obeyed: newcomers by that invitation knock, and nobody here lets them in.
            Abort();
        }
    }

    protected override void OnPong() => Attack();

    private void Attack()
    {
        LastProgress = Stopwatch.GetTimestamp();
        if (Sent >= most)
        {
            Abort();
            return;
        }

        for (var i = 0; i < AtOnce && IsOpen; i++, Sent++)
        {
            Send(mutator.Next());
        }

        Send(Framing.Masked(Framing.Ping, "still there?"u8, Swarm.Random));
    }
}
