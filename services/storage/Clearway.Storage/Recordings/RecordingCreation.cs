using System.Globalization;
using System.Text;
using Clearway.Storage.V1;

namespace Clearway.Storage.Recordings;

/// <summary>Opens recordings. The same id for the same room may be asked for again and again: a lost answer is no lost recording.</summary>
internal sealed class RecordingCreation(RecordingStore store, TimeProvider time, ILogger<RecordingCreation> log)
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
        };
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

        return IsTitle(request.Title) ? null : "title";
    }

    // Names become HTTP headers and parts of signed messages.
    private static bool IsName(string text) =>
        text.Length is > 0 and <= MaxNameLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static bool IsTitle(string text) =>
        Encoding.UTF8.GetByteCount(text) <= RecordingLimits.MaxTitleBytes
        && new StringInfo(text).LengthInTextElements <= RecordingLimits.MaxTitleTextElements
        && !text.Any(char.IsControl);
}
