namespace Clearway.Chat.Predictive;

/// <summary>The words that begin with a prefix.</summary>
/// <param name="First">The first of them.</param>
/// <param name="End">Behind the last one.</param>
/// <param name="Itself">The word that the prefix is, or -1.</param>
internal readonly record struct WordRange(int First, int End, int Itself)
{
    public static readonly WordRange None = new(0, 0, -1);
}
