using System.Runtime.CompilerServices;

namespace Clearway.Chat.Predictive;

/// <summary>A word that may be suggested.</summary>
/// <param name="Script">Whose dictionary it is in; <see cref="Script.None"/> for a word that was learned.</param>
/// <param name="Word">Its number there, or among those learned that were found.</param>
/// <param name="Score">Its weight less the price of its reading.</param>
internal readonly record struct Candidate(Script Script, int Word, int Score);

/// <summary>The best candidates so far, best first; of equal ones the first that was offered stays in front.</summary>
/// <param name="limit">Most of them, 1 to <see cref="WordIndex.MaxCompletions"/>.</param>
internal ref struct Candidates(int limit)
{
    private Ten _room;

    public int Count { get; private set; }

    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public readonly ReadOnlySpan<Candidate> Best => ((ReadOnlySpan<Candidate>)_room)[..Count];

    /// <summary>Takes a candidate in, or raises it to this score.</summary>
    public void Offer(Candidate offered)
    {
        var place = Count;
        for (var index = 0; index < Count; index++)
        {
            if (_room[index].Word == offered.Word && _room[index].Script == offered.Script)
            {
                if (_room[index].Score >= offered.Score)
                {
                    return;
                }

                place = index;
                break;
            }
        }

        if (place == Count)
        {
            if (Count == limit && offered.Score <= _room[Count - 1].Score)
            {
                return;
            }

            place = Count < limit ? Count++ : Count - 1;
        }

        for (; place > 0 && offered.Score > _room[place - 1].Score; place--)
        {
            _room[place] = _room[place - 1];
        }

        _room[place] = offered;
    }

    [InlineArray(WordIndex.MaxCompletions)]
    private struct Ten
    {
        private Candidate _first;
    }
}
