using System.Text.Json.Serialization;
using Azure.Storage.Blobs;

namespace Clearway.Storage.Recordings;

/// <summary>What a participant said to being recorded.</summary>
/// <param name="Participant">Public id.</param>
/// <param name="Granted">Whether they agreed.</param>
/// <param name="At">Milliseconds since 1970-01-01T00:00:00Z.</param>
internal sealed record Consent(string Participant, bool Granted, long At);

/// <summary>Keeps what participants said in the order in which they said it; what each said last is what they want.</summary>
internal sealed class Consents(BlobContainerClient container, TimeProvider time)
{
    /// <summary>What one participant may say to one recording, each time something else: nobody takes the others' room.</summary>
    private const int MaxOfOne = 10;

    /// <summary>Of one recording, as they are kept: 100 participants who change their mind ten times.</summary>
    private const long MaxBytes = 256 << 10;

    private readonly Journal<Consent> _journal = new(container, id => id.ConsentBlob, JournalJson.Default.Consent, MaxBytes);

    /// <summary>Adds one, unless the participant said the same last.</summary>
    /// <returns>False when the participant has changed their mind too often, or there is no more room.</returns>
    public async Task<bool> AddAsync(RecordingId id, string participant, bool isGranted, CancellationToken cancellationToken)
    {
        var own = (await ReadAsync(id, cancellationToken)).Where(consent => consent.Participant == participant).ToList();
        if (own.LastOrDefault()?.Granted == isGranted)
        {
            return true;
        }

        // Whoever agreed may always withdraw it.
        return (own.Count < MaxOfOne || !isGranted)
            && await _journal.AddAsync(
                id, [new Consent(participant, isGranted, time.GetUtcNow().ToUnixTimeMilliseconds())], cancellationToken);
    }

    public Task<IReadOnlyList<Consent>> ReadAsync(RecordingId id, CancellationToken cancellationToken) =>
        _journal.ReadAsync(id, int.MaxValue, cancellationToken);

    public Task RemoveAsync(RecordingId id, CancellationToken cancellationToken) => _journal.RemoveAsync(id, cancellationToken);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Consent))]
[JsonSerializable(typeof(SpeechTurn))]
internal sealed partial class JournalJson : JsonSerializerContext;
