using System.Diagnostics;
using System.Reflection;
using Clearway.TestApp;

namespace Clearway.FunctionalTests;

/// <summary>The client without a browser: the example bot of `@clearway/client` in Node, against the whole application.</summary>
[Collection(nameof(AppCollection))]
public sealed class ClientBotTests(AppFixture fixture) : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private static readonly string _program = typeof(ClientBotTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "BotProgram").Value!;

    public void Dispose() => fixture.App.ThrowOnLoggedErrors();

    [Fact]
    public async Task Bot_OfTheExample_JoinsAnswersAndLeaves()
    {
        using var room = await fixture.OrganizeAsync("With a bot");
        var (organizer, _) = await GatewaySocket.JoinAsync(fixture.App, room.Organizer.Token);
        await using var _ = organizer;
        using var bot = Start(new Uri(fixture.App.Address, $"/join#{room.Links.Invitation}"));
        var said = bot.StandardOutput.ReadToEndAsync();

        var came = await organizer.ReceiveAsync("peer-joined");
        Assert.Equal("Hal", (string?)came["participant"]!["name"]);
        Assert.Contains("ping", (string?)(await organizer.ReceiveAsync("chat_broadcast"))["text"], StringComparison.Ordinal);

        await organizer.SendAsync(new { type = "chat", text = "ping" });
        await organizer.ReceiveAsync("chat_broadcast");
        Assert.Equal("pong", (string?)(await organizer.ReceiveAsync("chat_broadcast"))["text"]);

        await organizer.SayAsync("bye");
        Assert.Equal("left", (string?)(await organizer.ReceiveAsync("peer-left"))["reason"]);
        await bot.WaitForExitAsync().WaitAsync(_patience);
        Assert.Equal(0, bot.ExitCode);
        Assert.Equal(["joined 1 others", "ended: left"], (await said).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Bot_WithAnInvitationThatIsNone_SaysSo()
    {
        using var bot = Start(new Uri(fixture.App.Address, "/join#a.b.c"));
        var complaint = bot.StandardError.ReadToEndAsync();
        await bot.WaitForExitAsync().WaitAsync(_patience);
        Assert.Equal(1, bot.ExitCode);
        Assert.Contains("Problem", await complaint, StringComparison.Ordinal);
    }

    private static Process Start(Uri link)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true };
        // Node 20 has a WebSocket of its own behind this flag; later ones take it and do nothing.
        foreach (var argument in (string[])["--experimental-websocket", "--no-warnings", _program, link.ToString(), "Hal"])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
