using Clearway.LoadTest.Campaigns;
using Clearway.LoadTest.Fuzz;
using Clearway.LoadTest.Relay;

namespace Clearway.LoadTest.Tests;

/// <summary>Each campaign small, without the peers that npm brings: they run, find nothing, and find the fault that is planted.</summary>
public sealed class CampaignTests(SharedBackend backend) : IClassFixture<SharedBackend>
{
    private const int Seed = 20_26;
    private const int LoseOneIn = 50;
    private const string Ours = "Clearway";

    private static readonly TimeSpan _short = TimeSpan.FromMilliseconds(300);

    [Theory]
    [InlineData("relay", false)]
    [InlineData("relay", true)]
    [InlineData("latency", false)]
    [InlineData("latency", true)]
    [InlineData("fanout", false)]
    [InlineData("fanout", true)]
    [InlineData("idle", false)]
    [InlineData("joins", false)]
    [InlineData("capacity", false)]
    [InlineData("capacity", true)]
    [InlineData("kill", false)]
    [InlineData("fuzz", false)]
    [InlineData("chat-lines", false)]
    [InlineData("chat-lines", true)]
    [InlineData("outage", false)]
    [InlineData("outage", true)]
    [InlineData("history-pages", false)]
    [InlineData("history-pages", true)]
    [InlineData("predictions", false)]
    [InlineData("predictions", true)]
    [InlineData("recordings", false)]
    [InlineData("recordings", true)]
    public async Task Campaign_RunBriefly_FindsThePlantedFaultAlone(string campaign, bool hasPlantedFault)
    {
        Assert.NotNull(backend);
        var report = new Report(campaign, Seed, hasPlantedFault);

        await RunAsync(campaign, hasPlantedFault, report);

        Assert.True(report.IsGood != hasPlantedFault, report.ToString());
    }

    private static Task RunAsync(string campaign, bool fault, Report report) => campaign switch
    {
        "relay" => RelayCampaign.RunAsync(new RelayCampaign.Plan(Seed, 1, _short, 10, Ours, fault) { LoseOneIn = LoseOneIn }, report),
        "latency" => LatencyCampaign.RunAsync(
            new LatencyCampaign.Plan(Seed, 1, _short, 40, 500, "Clearway across", fault) { LoseOneIn = LoseOneIn }, report),
        "fanout" => FanoutCampaign.RunAsync(new FanoutCampaign.Plan(Seed, 1, _short, 20, Ours, fault) { LoseOneIn = LoseOneIn }, report),
        "idle" => IdleCampaign.RunAsync(new IdleCampaign.Plan(Seed, 1, 100, _short, Ours, fault), report),
        "joins" => JoinsCampaign.RunAsync(new JoinsCampaign.Plan(Seed, 1, _short, 100, Ours, fault), report),
        "capacity" => CapacityCampaign.RunAsync(new CapacityCampaign.Plan(Seed, 1, 150, Capacity: 100, fault), report),
        "kill" => KillCampaign.RunAsync(new KillCampaign.Plan(Seed, 1, 40, fault), report),
        "fuzz" => FuzzCampaign.RunAsync(new FuzzCampaign.Plan(Seed, 1_000, 8, fault), report),
        "chat-lines" => ChatLinesCampaign.RunAsync(new ChatLinesCampaign.Plan(Seed, 1, _short, _short, 500, 20, fault), report),
        "outage" => OutageCampaign.RunAsync(new OutageCampaign.Plan(Seed, 10, 100, TimeSpan.FromSeconds(5), 256, fault), report),
        "history-pages" => HistoryPagesCampaign.RunAsync(new HistoryPagesCampaign.Plan(1, _short, 20, 4, fault), report),
        "predictions" => PredictionsCampaign.RunAsync(new PredictionsCampaign.Plan(1, _short, 100, fault), report),
        "recordings" => RecordingsCampaign.RunAsync(new RecordingsCampaign.Plan(Seed, 4, fault), report),
        _ => throw new ArgumentOutOfRangeException(nameof(campaign)),
    };
}
