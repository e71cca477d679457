using Clearway.TestServers;
using Grpc.Core;
using Xunit;

namespace Clearway.Chat.Tests.History;

[Collection(SharedChat.Name)]
public class SchemaTests(ChatFixture fixture)
{
    [Fact]
    public async Task Schema_FirstStartOnAServerWithoutTheDatabase_LogsNeitherWarningNorError()
    {
        await using var chat = await ChatHost.StartReadyAsync(fixture.Postgres.ConnectionString("first_start"));
        Assert.Contains(chat.Logged, line => line.Contains("4 migrations were applied", StringComparison.Ordinal));
        Assert.DoesNotContain(chat.Logged, line => line.StartsWith("Warning", StringComparison.Ordinal)
            || line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Critical", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Schema_ReplicasStartTogetherOnAnEmptyDatabase_AllBecomeReadyAndShareOneOrder()
    {
        var database = fixture.Postgres.ConnectionString("together");
        var replicas = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ChatHost.StartReadyAsync(database)));
        var room = Lines.NewRoom();
        var sequences = await Task.WhenAll(replicas.Select(replica => replica.AppendAsync(Lines.Line(room))));
        Assert.Equal([1, 2, 3], sequences.Select(sequence => sequence.Single()).Order());
        foreach (var replica in replicas)
        {
            await replica.DisposeAsync();
        }
    }

    [Fact]
    public async Task Schema_DatabaseIsAway_ServiceLivesButIsNotReadyAndSaysSo()
    {
        var nowhere = $"Host=127.0.0.1;Port={ServerProcess.FreePort()};Username=x;Password=x;Database=x;Timeout=1";
        await using var chat = await ChatHost.StartAsync(nowhere);
        using var live = await chat.Http.GetAsync("/health/live");
        using var ready = await chat.Http.GetAsync("/health/ready");
        Assert.Equal([200, 503], [(int)live.StatusCode, (int)ready.StatusCode]);
        await Lines.AssertRefusedAsync(StatusCode.Unavailable, "history_unavailable", () => chat.PageAsync("room"));

        var answer = await chat.PredictiveText.CompleteAsync(new() { Prefix = "при" });
        Assert.Contains("привет", answer.Suggestions);
    }

    [Fact]
    public async Task Schema_ServerCrashesAndReturns_KeepsWhatWasAcknowledged()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var chat = await ChatHost.StartReadyAsync(postgres.ConnectionString("clearwaydb"));
        var room = Lines.NewRoom();
        await chat.AppendAsync(Lines.Line(room, "before"));

        await postgres.CrashAndRestartAsync();
        Assert.Equal([2], await chat.AppendAsync(Lines.Line(room, "after")));
        Assert.Equal(["before", "after"], (await chat.WholeAsync(room)).Select(message => message.Text));
    }
}
