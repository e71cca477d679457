using System.Text;
using Clearway.LoadTest.Wire;

namespace Clearway.LoadTest.Relay;

/// <summary>What all clients of one window of a relay measurement share.</summary>
internal sealed class RelayWindow
{
    /// <summary>Whether each offer that comes is answered by one.</summary>
    internal bool IsRunning { get; set; } = true;

    /// <summary>Offers received.</summary>
    internal long Delivered { get; set; }

    /// <summary>Offers sent and not yet received.</summary>
    internal long InFlight { get; set; }

    /// <summary>Of how many offers the receiver loses one; 0 for none.</summary>
    internal int LoseOneIn { get; init; }
}

/// <summary>One end of a pair: whenever offers come from its partner it sends as many back, so that their number in flight stays.</summary>
internal abstract class RelayClient : Client
{
    private const int MostInFlight = 64;

    private byte[] _offers = [];
    private int _offerBytes;
    private int _came;
    private bool _isChecked;

    internal required RelayWindow Window { get; init; }

    /// <summary>The number that makes its identity; its partner's differs in the last bit.</summary>
    internal required int Number { get; init; }

    /// <summary>Whether the server took it in.</summary>
    internal bool IsReady { get; set; }

    protected int PartnerNumber => Number ^ 1;

    /// <summary>A frame's text that the server relays to the partner. Asked for when both are ready.</summary>
    protected abstract string OfferTo(RelayClient partner);

    /// <summary>A frame while the server takes the client in.</summary>
    protected abstract void OnGreeting(ReadOnlySpan<byte> payload);

    /// <summary>How many offers end in a frame: none, or one, unless the server puts several into a frame.</summary>
    protected virtual int Count(ReadOnlySpan<byte> payload) => payload.Length > Offer.Description.Length ? 1 : 0;

    /// <summary>Sends the first offers.</summary>
    internal void Start(RelayClient partner, int inFlight)
    {
        var frame = Framing.Masked(OfferTo(partner), Swarm.Random);
        _offerBytes = frame.Length;
        _offers = [.. Enumerable.Repeat(frame, MostInFlight).SelectMany(one => one)];
        if (inFlight > 0)
        {
            Window.InFlight += inFlight;
            Send(_offers.AsSpan(0, inFlight * _offerBytes));
        }
    }

    protected override void OnFrame(byte opcode, bool isFinal, ReadOnlySpan<byte> payload)
    {
        if (!IsReady)
        {
            OnGreeting(payload);
            return;
        }

        var count = Count(payload);
        _came += count;
        if (!_isChecked && count == 1)
        {
            _isChecked = true;
            if (payload.IndexOf(Encoding.UTF8.GetBytes(Offer.Description)) < 0)
            {
                throw new InvalidDataException($"The offer came back changed: {Encoding.UTF8.GetString(payload)}");
            }
        }
    }

    protected override void OnRead()
    {
        if (_came == 0)
        {
            return;
        }

        var came = _came;
        _came = 0;
        if (Window.LoseOneIn > 0 && Window.Delivered / Window.LoseOneIn != (Window.Delivered + came) / Window.LoseOneIn)
        {
            Window.Delivered++;
            came--;
        }

        Window.Delivered += came;
        Window.InFlight -= came;
        if (Window.IsRunning && came > 0)
        {
            Window.InFlight += came;
            Send(_offers.AsSpan(0, came * _offerBytes));
        }
    }

    protected override void OnClosed() => throw new InvalidOperationException($"The server closed a connection with {CloseCode}.");
}
