using System.Diagnostics;
using OpenTelemetry;

namespace Clearway.ServiceDefaults.Telemetry;

/// <summary>
/// Keeps query strings out of spans: they carry the signatures of download links and what people type into the chat's input line.
/// </summary>
internal sealed class QueriesRemoved : BaseProcessor<Activity>
{
    private static readonly string[] AddressTags = ["url.full", "http.url", "http.target"];

    public override void OnEnd(Activity data)
    {
        data.SetTag("url.query", null);
        foreach (var tag in AddressTags)
        {
            if (data.GetTagItem(tag) is string address && address.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query)
            {
                data.SetTag(tag, address[..query]);
            }
        }
    }
}
