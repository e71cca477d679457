using System.Globalization;
using Clearway.Storage.Recordings;

namespace Clearway.Storage.Links;

/// <summary>
/// Upload keys: HMAC-SHA256 over tenant, recording id and the time of creation. Whoever holds one may go on with that one upload, close
/// it and end it; it outlives the room token that made it, and is worth nothing once the recording is closed.
/// </summary>
internal sealed class UploadKeys(StorageKey key)
{
    private const string Purpose = "clearway upload key v1";

    public string KeyOf(StoredRecording recording) => key.Sign(Purpose, Texts(recording));

    public bool IsKeyOf(StoredRecording recording, string given) => key.Verify(given, Purpose, Texts(recording));

    private static string[] Texts(StoredRecording recording) =>
        [recording.Tenant.Value, recording.Id.Value, recording.CreatedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)];
}
