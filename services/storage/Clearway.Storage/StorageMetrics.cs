using System.Diagnostics.Metrics;
using Clearway.ServiceDefaults;

namespace Clearway.Storage;

/// <summary>Meters of this service: none by recording, room or tenant.</summary>
internal sealed class StorageMetrics
{
    private readonly Counter<long> _uploadedBytes;
    private readonly Counter<long> _downloadedBytes;
    private readonly Counter<long> _refusals;
    private readonly Histogram<double> _sealSeconds;

    public StorageMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(StorageActivity.Name);
        _uploadedBytes = meter.CreateCounter<long>("clearway.storage.uploaded", "By", "Bytes stored durably.");
        _downloadedBytes = meter.CreateCounter<long>("clearway.storage.downloaded", "By", "Bytes of recordings sent to proxies, which keep pieces.");
        _refusals = meter.CreateCounter<long>("clearway.storage.refusals", "{call}", "Calls refused, by stable code.");
        _sealSeconds = meter.CreateHistogram<double>(
            "clearway.storage.seal.duration", "s", "Time to seal a recording, by outcome.", advice: Buckets.Seconds(0.1, 1_000));
    }

    public void Uploaded(long bytes) => _uploadedBytes.Add(bytes);

    public void Downloaded(long bytes) => _downloadedBytes.Add(bytes);

    public void Refused(string code) => _refusals.Add(1, new KeyValuePair<string, object?>("code", code));

    public void Sealed(TimeSpan duration, string outcome) =>
        _sealSeconds.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));
}
