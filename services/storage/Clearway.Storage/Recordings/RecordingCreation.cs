using Clearway.Storage.V1;

namespace Clearway.Storage.Recordings;

/// <summary>Opens recordings. The same id for the same room may be asked for again and again: a lost answer is no lost recording.</summary>
internal sealed class RecordingCreation(
    RecordingStore store, RecordingIndex index, TenantUsage usage, TimeProvider time, ILogger<RecordingCreation> log)
{
    private const int MaxNameLength = 128;

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

        var recording = new StoredRecording
        {
            Id = id,
            Tenant = new TenantId(request.Tenant),
            Room = new RoomId(request.Room),
            Title = request.Title,
            RecordedBy = new ParticipantId(request.RecordedBy),
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()),
            Length = request.HasLength ? request.Length : null,
        };
        if (await usage.RemainingAsync(recording.Tenant, cancellationToken) is var remaining && remaining < Math.Max(1, request.Length))
        {
            return Refusal.QuotaExceeded;
        }

        await index.AddAsync(recording.Tenant, id, cancellationToken);
        if (await store.AddAsync(recording, cancellationToken) is { } added)
        {
            LogCatalogue.Created(log, added.Id, added.Room, added.RecordedBy);
            return added;
        }

        var existing = await store.FindAsync(id, cancellationToken);
        return existing is { State: not RecordingState.Deleted } && existing.Tenant == recording.Tenant && existing.Room == recording.Room
            ? existing
            : Refusal.RecordingTaken;
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

        if (request.Length < 0)
        {
            return "length";
        }

        return RecordingTitle.IsValid(request.Title) ? null : "title";
    }

    // Names become HTTP headers and parts of signed messages.
    private static bool IsName(string text) =>
        text.Length is > 0 and <= MaxNameLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
