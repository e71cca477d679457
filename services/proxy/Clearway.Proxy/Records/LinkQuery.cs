using System.Globalization;

namespace Clearway.Proxy.Records;

/// <summary>A download link's query, as storage signed it, and who asks by it.</summary>
/// <param name="Expires">Milliseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="Signature">Hex.</param>
/// <param name="Network">Addresses that it is for, in CIDR notation; empty for all.</param>
/// <param name="Address">Of whoever asks; empty where it is not known.</param>
internal readonly record struct LinkQuery(long Expires, string Signature, string Network, string Address)
{
    /// <summary>Reads it; null when something is missing, malformed or there twice.</summary>
    internal static LinkQuery? Read(HttpContext context)
    {
        var query = context.Request.Query;
        return query["signature"] is [{ Length: > 0 and <= 128 } signature]
            && long.TryParse(query["expires"], NumberStyles.None, CultureInfo.InvariantCulture, out var expires)
            && query["network"].Count <= 1
            ? new LinkQuery(expires, signature, query["network"].ToString(), context.Connection.RemoteIpAddress?.ToString() ?? "")
            : null;
    }
}
