using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Clearway.Storage.Recordings;

/// <summary>What stands beside a sealed recording, for backups and programs that know nothing of this service.</summary>
internal sealed record Manifest(
    string RecordingId,
    string Tenant,
    string Room,
    string Title,
    string Kind,
    string RecordedBy,
    string RecordedByName,
    string State,
    long CreatedAt,
    long SealedAt,
    long SizeBytes,
    long DurationMs,
    string ContentType,
    string Sha256,
    string Signer,
    IReadOnlyList<Consent> Consents,
    IReadOnlyList<SpeechTurn> Speech,
    IReadOnlyList<ChainLink> Chain)
{
    /// <summary>Who signs manifests.</summary>
    public const string ServiceName = "clearway-storage";

    public static byte[] Write(
        StoredRecording recording, IReadOnlyList<StoredBlock> blocks, IReadOnlyList<Consent> consents, IReadOnlyList<SpeechTurn> speech) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new Manifest(
                recording.Id.Value,
                recording.Tenant.Value,
                recording.Room.Value,
                recording.Title,
                RecordingMetadata.NameOf(recording.Kind),
                recording.RecordedBy.Value,
                recording.RecordedByName,
                RecordingMetadata.NameOf(recording.State),
                recording.CreatedAt.ToUnixTimeMilliseconds(),
                recording.SealedAt?.ToUnixTimeMilliseconds() ?? 0,
                recording.SizeBytes,
                (long)recording.Duration.TotalMilliseconds,
                "video/webm",
                recording.Sha256,
                ServiceName,
                consents,
                speech,
                ChainLink.Over(recording.Id, blocks)),
            ManifestJson.Default.Manifest);
}

/// <summary>
/// A link of the hash chain over the sealed file's pieces, in their order. Whoever has the file can walk it: each link is the SHA-256, in
/// lower-case hex, of the UTF-8 text <c>PREVIOUS offset length sha256</c>, and before the first one stands the recording's id.
/// </summary>
internal sealed record ChainLink(long Offset, long Length, string Sha256, string Link)
{
    public static IReadOnlyList<ChainLink> Over(RecordingId id, IReadOnlyList<StoredBlock> blocks)
    {
        var chain = new List<ChainLink>(blocks.Count);
        var (previous, offset) = (id.Value, 0L);
        foreach (var block in blocks)
        {
            var sha256 = Convert.ToHexStringLower(block.Sha256);
            var text = string.Create(CultureInfo.InvariantCulture, $"{previous} {offset} {block.SizeBytes} {sha256}");
            previous = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
            chain.Add(new ChainLink(offset, block.SizeBytes, sha256, previous));
            offset += block.SizeBytes;
        }

        return chain;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(Manifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
