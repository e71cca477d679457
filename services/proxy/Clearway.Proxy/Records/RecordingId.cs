using System.Buffers;

namespace Clearway.Proxy.Records;

/// <summary>26 characters of Crockford's base 32 in lower case: nothing that could be a path gets past this.</summary>
internal static class RecordingId
{
    private const int Length = 26;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("0123456789abcdefghjkmnpqrstvwxyz");

    internal static bool IsValid(string? id) => id is { Length: Length } && !id.AsSpan().ContainsAnyExcept(Alphabet);
}
