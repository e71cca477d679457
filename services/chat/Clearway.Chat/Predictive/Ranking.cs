using System.Runtime.CompilerServices;

namespace Clearway.Chat.Predictive;

/// <summary>The words of the greatest weight so far, best first; of equal ones the first that was offered stays in front.</summary>
internal ref struct Ranking(Span<int> words)
{
    private readonly Span<int> _words = words;
    private Weights _weights;

    public int Count { get; private set; }

    public void Offer(int word, int weight)
    {
        if (Count == _words.Length && (Count == 0 || weight <= _weights[Count - 1]))
        {
            return;
        }

        var place = Count < _words.Length ? Count++ : Count - 1;
        for (; place > 0 && weight > _weights[place - 1]; place--)
        {
            (_words[place], _weights[place]) = (_words[place - 1], _weights[place - 1]);
        }

        (_words[place], _weights[place]) = (word, weight);
    }

    [InlineArray(WordIndex.MaxCompletions)]
    private struct Weights
    {
        private int _first;
    }
}
