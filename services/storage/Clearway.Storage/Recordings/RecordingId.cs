using System.Buffers;

namespace Clearway.Storage.Recordings;

/// <summary>
/// Id of a recording: exactly 26 characters of Crockford's base 32 in lower case. Blob names are built from nothing else, so no text from
/// outside ever reaches one.
/// </summary>
internal readonly record struct RecordingId
{
    private const int Length = 26;

    private const string Characters = "0123456789abcdefghjkmnpqrstvwxyz";

    private static readonly SearchValues<char> Alphabet = SearchValues.Create(Characters);

    private RecordingId(string value) => Value = value;

    public string Value { get; }

    /// <summary>Name of the blob that holds the media, and in its metadata all that is known of the recording.</summary>
    public string MediaBlob => $"{Value}/media.webm";

    /// <summary>Name of the blob that describes the sealed recording to other programs.</summary>
    public string ManifestBlob => $"{Value}/manifest.json";

    /// <summary>Name of the blob that holds what participants said to being recorded.</summary>
    public string ConsentBlob => $"{Value}/consents.jsonl";

    /// <summary>Name of the blob that holds who spoke when.</summary>
    public string SpeechBlob => $"{Value}/speech.jsonl";

    /// <summary>Each character's counterpart from the other end of the alphabet: a name that sorts newer ids first.</summary>
    public string Mirrored => string.Create(Length, Value, (mirrored, value) =>
    {
        for (var i = 0; i < Length; i++)
        {
            mirrored[i] = Characters[^(Characters.IndexOf(value[i], StringComparison.Ordinal) + 1)];
        }
    });

    public static bool TryParse(string? text, out RecordingId id)
    {
        var isValid = text is { Length: Length } && !text.AsSpan().ContainsAnyExcept(Alphabet);
        id = isValid ? new RecordingId(text!) : default;
        return isValid;
    }

    public override string ToString() => Value;
}
