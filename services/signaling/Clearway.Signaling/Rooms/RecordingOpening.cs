using Clearway.Signaling.Protocol;
using Clearway.Storage.V1;
using Grpc.Core;

namespace Clearway.Signaling.Rooms;

/// <summary>
/// Opens recordings in storage before anybody is told of them: what is announced is there, for whoever consents to it or uploads it.
/// </summary>
internal sealed class RecordingOpening(
    RecordingService.RecordingServiceClient storage, TimeProvider time, ILogger<RecordingOpening> logger)
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(3);

    private CallOptions Call => new(deadline: time.GetUtcNow().UtcDateTime + CallTimeout);

    /// <summary>Opens a recording that a participant makes.</summary>
    /// <returns>Why there is none, or null.</returns>
    internal async Task<Refusal?> OpenAsync(Session session, string recording, RecordingKind kind)
    {
        try
        {
            await storage.CreateAsync(
                new CreateRequest
                {
                    Id = recording,
                    Tenant = session.Tenant,
                    Room = session.Room.Value,
                    Title = session.Title,
                    RecordedBy = session.Id.Value,
                    RecordedByName = session.Presence.Name,
                    Kind = kind,
                },
                Call);
            return null;
        }
        catch (RpcException exception)
        {
            var code = exception.Trailers.GetValue("clearway-code");
            Log.RecordingUnopened(logger, recording, session.Room, exception.StatusCode, code);
            return code is "quota_exceeded" or "storage_full" ? Refusal.StorageFull : Refusal.Unavailable;
        }
    }

    /// <summary>Takes back one that nobody was told of. Where storage does not answer it stays empty until it expires.</summary>
    internal async Task DropAsync(Session session, string recording)
    {
        try
        {
            await storage.DeleteAsync(
                new DeleteRequest { Id = recording, Access = new Access { Tenant = session.Tenant, Room = session.Room.Value } }, Call);
        }
        catch (RpcException exception)
        {
            Log.RecordingNotDropped(logger, recording, exception.StatusCode);
        }
    }
}
