using System.Text;
using Clearway.LoadTest.Wire;

namespace Clearway.LoadTest.Relay;

/// <summary>Offers that go to and fro in each pair: whenever some come, as many go back, so that their number in flight stays.</summary>
/// <param name="inFlight">Offers in flight a pair.</param>
/// <param name="loseOneIn">Of how many offers the receiver loses one; 0 for none.</param>
internal sealed class PingPong(int inFlight, int loseOneIn) : ITextSink
{
    private const int MostAtOnce = 64;

    private RelayClient[] _clients = [];
    private byte[][] _offers = []; // of each client, so many times over as can be sent at once
    private int[] _came = [];
    private bool[] _isChecked = [];
    private bool _isEnding;

    /// <summary>Offers received.</summary>
    internal long Delivered { get; private set; }

    /// <summary>Offers sent and not yet received.</summary>
    internal long InFlight { get; private set; }

    /// <summary>Sends the first offers.</summary>
    internal void Start(Swarm swarm, RelayClient[] clients)
    {
        _clients = clients;
        _came = new int[clients.Length];
        _isChecked = new bool[clients.Length];
        _offers = [.. clients.Select(client => Repeat(
            Framing.Masked(client.OfferTo(clients[client.Number ^ 1], Offer.Description), swarm.Random)))];
        for (var number = 0; number < clients.Length; number += 2)
        {
            Send(clients[number], inFlight);
        }
    }

    /// <summary>Answers nothing more: what is in flight lands.</summary>
    internal void End() => _isEnding = true;

    public void Take(RelayClient receiver, ReadOnlySpan<byte> text)
    {
        if (text.Length < Offer.Description.Length)
        {
            return;
        }

        _came[receiver.Number]++;
        if (!_isChecked[receiver.Number])
        {
            _isChecked[receiver.Number] = true;
            if (text.IndexOf(Encoding.UTF8.GetBytes(Offer.Description)) < 0)
            {
                throw new InvalidDataException($"The offer came back changed: {Encoding.UTF8.GetString(text)}");
            }
        }
    }

    public void EndRead(RelayClient receiver)
    {
        if (_came.Length == 0 || _came[receiver.Number] == 0)
        {
            return;
        }

        var came = _came[receiver.Number];
        _came[receiver.Number] = 0;
        var before = Delivered;
        Delivered += came;
        if (loseOneIn > 0 && before / loseOneIn != Delivered / loseOneIn)
        {
            came--;
        }

        InFlight -= came;
        if (!_isEnding)
        {
            Send(_clients[receiver.Number], came);
        }
    }

    private void Send(RelayClient from, int count)
    {
        var offers = _offers[from.Number];
        InFlight += count;
        from.Send(offers.AsSpan(0, offers.Length / MostAtOnce * count));
    }

    private static byte[] Repeat(byte[] frame) => [.. Enumerable.Repeat(frame, MostAtOnce).SelectMany(one => one)];
}
