namespace Clearway.Benchmarks;

/// <summary>What people type: the first one to five letters of frequent words.</summary>
internal static class TypedPrefixes
{
    private const int Frequent = 5_000;

    internal static string[] Of((string Key, byte Weight)[] words)
    {
        var frequent = words.OrderByDescending(word => word.Weight).Take(Frequent).Select(word => word.Key).ToArray();
        var random = new Random(20_26);
        return [.. Enumerable.Range(0, 4096).Select(_ =>
        {
            var word = frequent[random.Next(frequent.Length)];
            return word[..Math.Min(word.Length, random.Next(1, 6))];
        })];
    }
}
