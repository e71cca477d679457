using System.Globalization;
using System.Net;
using Clearway.Storage.Recordings;
using Microsoft.Extensions.Options;

namespace Clearway.Storage.Links;

/// <summary>What a download link says.</summary>
/// <param name="Expires">Milliseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="Network">Addresses that may use it, in CIDR notation (RFC 4632, RFC 4291); empty for all.</param>
/// <param name="Signature">Hex.</param>
internal readonly record struct DownloadLink(long Expires, string Network, string Signature);

/// <summary>
/// Signs and checks download links: HMAC-SHA256 over tenant, recording id, expiry, permitted addresses and the recording's link
/// revision. Whoever holds a link may download that one file until then, and nothing else. Raising the revision ends all links so far.
/// </summary>
internal sealed class DownloadLinks(StorageKey key, IOptions<LinkOptions> options, TimeProvider time)
{
    private const string Purpose = "clearway recording link v2";

    private readonly TimeSpan _lifetime = options.Value.Lifetime;

    /// <summary>Path and query of a link that works from now for the given or the configured lifetime.</summary>
    /// <returns>The link, and when it ends.</returns>
    public (string Link, DateTimeOffset Expires) Sign(StoredRecording recording, TimeSpan? lifetime = null, IPNetwork? network = null)
    {
        var expires = time.GetUtcNow() + (lifetime ?? _lifetime);
        var ends = expires.ToUnixTimeMilliseconds();
        var addresses = network?.ToString() ?? "";
        var signature = key.Sign(Purpose, Texts(recording, recording.Id, ends, addresses));
        var suffix = addresses.Length == 0 ? "" : $"&network={Uri.EscapeDataString(addresses)}";
        return (
            string.Create(CultureInfo.InvariantCulture, $"/api/v1/records/{recording.Id}/file?expires={ends}&signature={signature}{suffix}"),
            expires);
    }

    /// <summary>Checks a link for a recording.</summary>
    /// <param name="recording">The recording as stored; null when there is none.</param>
    /// <param name="id">Its id.</param>
    /// <param name="link">What the link says.</param>
    /// <param name="address">Who asks; null when that is not known, and then only a link for all addresses is good.</param>
    /// <returns>Null when the link is good. An unknown recording is refused like a forged link: guessing tells nothing.</returns>
    public Refusal? Check(StoredRecording? recording, RecordingId id, DownloadLink link, IPAddress? address)
    {
        if (!key.Verify(link.Signature, Purpose, Texts(recording, id, link.Expires, link.Network)) || recording is null)
        {
            return Refusal.LinkRefused;
        }

        if (link.Expires <= time.GetUtcNow().ToUnixTimeMilliseconds())
        {
            return Refusal.LinkExpired;
        }

        return link.Network.Length == 0 || IsWithin(link.Network, address) ? null : Refusal.AddressRefused;
    }

    private static bool IsWithin(string network, IPAddress? address) =>
        address is not null && IPNetwork.Parse(network).Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    private static string[] Texts(StoredRecording? recording, RecordingId id, long expires, string network) =>
    [
        recording?.Tenant.Value ?? "",
        id.Value,
        expires.ToString(CultureInfo.InvariantCulture),
        network,
        (recording?.LinkRevision ?? 0).ToString(CultureInfo.InvariantCulture),
    ];
}
