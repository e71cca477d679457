using System.Diagnostics.Metrics;
using Clearway.ServiceDefaults;

namespace Clearway.Chat;

/// <summary>What the chat service counts. No tenant, room or text is ever a tag.</summary>
internal sealed class ChatMetrics
{
    private readonly Counter<long> _appended;
    private readonly Counter<long> _changed;
    private readonly Histogram<double> _appendDuration;
    private readonly Histogram<double> _completionDuration;

    public ChatMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Clearway.Chat");
        _appended = meter.CreateCounter<long>("clearway.chat.messages.appended", "{message}", "Messages given to the history, repeated ones included.");
        _changed = meter.CreateCounter<long>("clearway.chat.changes", "{change}", "Edits, deletions and reactions, by kind and outcome.");
        _appendDuration = meter.CreateHistogram<double>(
            "clearway.chat.append.duration", "s", "Time to store one batch.", advice: Buckets.Seconds(0.001, 10));
        _completionDuration = meter.CreateHistogram<double>(
            "clearway.chat.completion.duration",
            "s",
            "Time to find completions of one line.",
            advice: Buckets.Seconds(0.000001, 0.01));
    }

    public void Appended(int messages, TimeSpan duration)
    {
        _appended.Add(messages);
        _appendDuration.Record(duration.TotalSeconds);
    }

    public void Changed(string kind, string outcome) => _changed.Add(
        1, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("outcome", outcome));

    public void Completed(TimeSpan duration, bool found) =>
        _completionDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("found", found));
}
