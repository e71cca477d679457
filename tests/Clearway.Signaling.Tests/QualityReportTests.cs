using System.Diagnostics.Metrics;
using Clearway.Signaling.Tests.Driver;
using Microsoft.Extensions.DependencyInjection;

namespace Clearway.Signaling.Tests;

/// <summary>What participants tell of their connections, as operators count it.</summary>
public class QualityReportTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private const string Report =
        """{"type":"quality","target_id":"p-grace","rtt_ms":420,"jitter_ms":7,"loss":0.025,"kbps_in":512,"kbps_out":480,"candidate":"relay","mos":388,"cause":"loss"}""";

    [Fact]
    public async Task Reports_OfAParticipant_AreCountedUpToTheirRate_AndReachNobody()
    {
        await using var ada = await shared.Gateway.JoinAsync("quality", "Ada");
        await using var grace = await shared.Gateway.JoinAsync("quality", "Grace");
        var (taken, dropped, scores) = (0L, 0L, new List<double>());
        using var listener = new MeterListener { InstrumentPublished = Listen };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            taken += tags.ToArray().Contains(new("cause", "loss")) && tags.ToArray().Contains(new("candidate", "relay")) ? count : 0;
            dropped += tags.ToArray().Contains(new("cause", "dropped")) ? count : 0;
        });
        listener.SetMeasurementEventCallback<double>((_, score, _, _) => scores.Add(score));
        listener.Start();

        for (var i = 0; i < 40; i++)
        {
            await ada.SendAsync(Report);
        }

        await ada.SayAsync("end");
        await ada.ExpectAsync("chat_broadcast");
        await grace.ExpectAsync("chat_broadcast");

        Assert.InRange(taken, 1, 30);
        Assert.Equal(40, taken + dropped);
        Assert.Equal((int)taken, scores.Count);
        Assert.All(scores, score => Assert.Equal(3.88, score));
        Assert.DoesNotContain("quality", grace.Types);
        Assert.DoesNotContain("error", ada.Types);

        void Listen(Instrument instrument, MeterListener listening)
        {
            var isOurs = ReferenceEquals(instrument.Meter.Scope, shared.Gateway.Nodes[0].Services.GetRequiredService<IMeterFactory>());
            if (isOurs && instrument.Name is "clearway.call.quality.reports" or "clearway.call.mos")
            {
                listening.EnableMeasurementEvents(instrument);
            }
        }
    }
}
