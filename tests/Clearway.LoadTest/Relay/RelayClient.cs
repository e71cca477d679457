using System.Diagnostics;
using Clearway.LoadTest.Wire;

namespace Clearway.LoadTest.Relay;

/// <summary>Takes what comes to the clients of one run after they were taken in.</summary>
internal interface ITextSink
{
    /// <summary>A text came; it is valid for the time of the call.</summary>
    void Take(RelayClient receiver, ReadOnlySpan<byte> text);

    /// <summary>Everything of one read was taken: the time to answer it at once.</summary>
    void EndRead(RelayClient receiver)
    {
    }
}

/// <summary>A client of a server that relays from one client to another: how it enters, and what an offer looks like there.</summary>
internal abstract class RelayClient : Client
{
    /// <summary>Makes its identity.</summary>
    internal required int Number { get; init; }

    /// <summary>Null where nothing is relayed.</summary>
    internal ITextSink? Sink { get; init; }

    /// <summary>Whether the server took it in.</summary>
    internal bool IsReady
    {
        get;
        set
        {
            field = value;
            ReadyAt = value ? Stopwatch.GetTimestamp() : 0;
        }
    }

    /// <summary>When it did, in ticks of <see cref="Stopwatch"/>.</summary>
    internal long ReadyAt { get; private set; }

    /// <summary>A frame's text that the server relays. Asked for when both are ready.</summary>
    /// <param name="target">Who is to get it.</param>
    /// <param name="description">Text between the quotes of a JSON string.</param>
    internal abstract string OfferTo(RelayClient target, string description);

    /// <summary>A frame's text that says something to everyone in the room, oneself included.</summary>
    /// <param name="room">The room that the client entered.</param>
    /// <param name="line">Text between the quotes of a JSON string.</param>
    internal virtual string LineTo(string room, string line) => throw new NotSupportedException("This server has no rooms.");

    /// <summary>Ends the session as that server's clients do.</summary>
    internal virtual void Leave() => Abort();

    /// <summary>A frame while the server takes the client in.</summary>
    protected abstract void OnGreeting(ReadOnlySpan<byte> payload);

    /// <summary>A frame after that; one text, unless the server cuts frames otherwise.</summary>
    protected virtual void OnText(ReadOnlySpan<byte> payload) => Sink?.Take(this, payload);

    protected override void OnOpen()
    {
    }

    protected override void OnFrame(byte opcode, bool isFinal, ReadOnlySpan<byte> payload)
    {
        if (IsReady)
        {
            OnText(payload);
        }
        else
        {
            OnGreeting(payload);
        }
    }

    protected override void OnRead() => Sink?.EndRead(this);
}
