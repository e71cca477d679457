using System.Globalization;
using System.Text;
using Clearway.Storage.V1;

namespace Clearway.Storage.Recordings;

/// <summary>
/// Opens recordings. Whoever records may ask for the same id again and again: a lost answer is no lost recording. Nobody else in the room gets
/// the key to it by asking.
/// </summary>
internal sealed class RecordingCreation(
    RecordingStore store, RecordingIndex index, TenantUsage usage, TimeProvider time, ILogger<RecordingCreation> log)
{
    private const int MaxNameLength = 128;
    private const int MaxDisplayNameTextElements = 64;
    private const int MaxDisplayNameCharacters = 8 * MaxDisplayNameTextElements;

    /// <summary>Bytes of a display name that are kept: beside the longest title no more fit into 8 KiB of metadata.</summary>
    private const int KeptDisplayNameBytes = 256;

    public async Task<Outcome<StoredRecording>> CreateAsync(CreateRequest request, CancellationToken cancellationToken)
    {
        if (!RecordingId.TryParse(request.Id, out var id))
        {
            return Refusal.RecordingIdMalformed;
        }

        if (WhyMalformed(request) is { } detail)
        {
            return Refusal.BadRequest(detail);
        }

        var name = Cut(request.RecordedByName);
        var recording = new StoredRecording
        {
            Id = id,
            Tenant = new TenantId(request.Tenant),
            Room = new RoomId(request.Room),
            Title = request.Kind == RecordingKind.Track ? RecordingTitle.OfTrack(request.Title, name) : request.Title,
            RecordedBy = new ParticipantId(request.RecordedBy),
            RecordedByName = name,
            Kind = request.Kind == RecordingKind.Unspecified ? RecordingKind.Meeting : request.Kind,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()),
            Length = request.HasLength ? request.Length : null,
        };

        // Looked for before anything is written: an id that is in use, perhaps by another tenant, must not come into this tenant's index.
        var existing = await store.FindAsync(id, cancellationToken);
        if (request.IsClaim || existing is not null)
        {
            return await ClaimAsync(recording, existing, request.IsClaim ? Refusal.NotFound : Refusal.RecordingTaken, cancellationToken);
        }

        if (await usage.RemainingAsync(recording.Tenant, cancellationToken) is var remaining && remaining < Math.Max(1, request.Length))
        {
            return Refusal.QuotaExceeded;
        }

        await index.AddAsync(recording.Tenant, id, cancellationToken);
        if (await store.AddAsync(recording, cancellationToken) is { } added)
        {
            LogCatalogue.Created(log, added.Id, RecordingMetadata.NameOf(added.Kind), added.Room, added.RecordedBy);
            return added;
        }

        return await ClaimAsync(recording, await store.FindAsync(id, cancellationToken), Refusal.RecordingTaken, cancellationToken);
    }

    /// <summary>What was opened before by whoever asks, with its length if only they know it; else what is said <paramref name="otherwise"/>.</summary>
    private async Task<Outcome<StoredRecording>> ClaimAsync(
        StoredRecording asked, StoredRecording? existing, Refusal otherwise, CancellationToken cancellationToken)
    {
        if (existing is null or { State: RecordingState.Deleted }
            || (existing.Tenant, existing.Room, existing.RecordedBy) != (asked.Tenant, asked.Room, asked.RecordedBy))
        {
            return otherwise;
        }

        if (existing.State != RecordingState.Recording || existing.Length is not null || asked.Length is not { } length)
        {
            return existing;
        }

        if (length < existing.SizeBytes)
        {
            return Refusal.UploadLength;
        }

        if (await usage.RemainingAsync(asked.Tenant, cancellationToken) < length)
        {
            return Refusal.QuotaExceeded;
        }

        return await store.UpdateAsync(existing with { Length = length }, cancellationToken) is { } sized ? sized : Refusal.UploadBusy;
    }

    private static string? WhyMalformed(CreateRequest request)
    {
        if (!IsName(request.Tenant))
        {
            return "tenant";
        }

        if (!IsName(request.Room))
        {
            return "room";
        }

        if (!IsName(request.RecordedBy))
        {
            return "recorded_by";
        }

        if (!Enum.IsDefined(request.Kind))
        {
            return "kind";
        }

        if (!IsDisplayName(request.RecordedByName))
        {
            return "recorded_by_name";
        }

        if (request.Length < 0)
        {
            return "length";
        }

        return RecordingTitle.IsValid(request.Title) ? null : "title";
    }

    private static bool IsDisplayName(string text) =>
        text.Length <= MaxDisplayNameCharacters
        && new StringInfo(text).LengthInTextElements <= MaxDisplayNameTextElements
        && !text.Any(char.IsControl);

    private static string Cut(string name)
    {
        while (Encoding.UTF8.GetByteCount(name) > KeptDisplayNameBytes)
        {
            var elements = new StringInfo(name);
            name = elements.SubstringByTextElements(0, elements.LengthInTextElements - 1);
        }

        return name;
    }

    // Names become HTTP headers and parts of signed messages.
    private static bool IsName(string text) =>
        text.Length is > 0 and <= MaxNameLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
