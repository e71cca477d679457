namespace Clearway.Chat.Predictive;

/// <summary>A word that may be suggested.</summary>
/// <param name="Script">Which index it is in.</param>
/// <param name="Word">Its number there.</param>
/// <param name="Score">Its weight less the price of its reading.</param>
internal readonly record struct Candidate(Script Script, int Word, int Score);

/// <summary>The best candidates so far, best first; of equal ones the first that was offered stays in front.</summary>
internal ref struct Candidates(Span<Candidate> room)
{
    private readonly Span<Candidate> _room = room;

    public int Count { get; private set; }

    public readonly ReadOnlySpan<Candidate> Best => _room[..Count];

    public void Offer(Candidate offered)
    {
        for (var index = 0; index < Count; index++)
        {
            if (_room[index].Word == offered.Word && _room[index].Script == offered.Script)
            {
                return;
            }
        }

        var place = Count;
        while (place > 0 && offered.Score > _room[place - 1].Score)
        {
            place--;
        }

        if (place == _room.Length)
        {
            return;
        }

        Count = Math.Min(Count + 1, _room.Length);
        _room[place..(Count - 1)].CopyTo(_room[(place + 1)..]);
        _room[place] = offered;
    }
}
