namespace Clearway.Auth.Tests;

/// <summary>The log tells what happened, and nothing that would let its reader in or that somebody typed.</summary>
public sealed class LogTests
{
    [Fact]
    public async Task Log_OfAWholeSession_NamesNoSecret()
    {
        await using var host = await AuthHost.StartAsync(new() { ["Logging:LogLevel:Default"] = "Trace" });
        var cookie = await host.SignInAsync("Typed Organizer");
        await host.PostAsync("/api/v1/auth/sign-in", new { name = "Typed Mallory", password = "typed wrong password" });
        var (_, room, _) = await host.PostAsync("/api/v1/rooms", new { title = "Typed Title" }, cookie);
        var (_, session, _) = await host.PostAsync("/api/v1/invitations/redeem", new { invitation = (string?)room!["invitation"], name = "Typed Guest" });
        var (_, refreshed, _) = await host.PostAsync("/api/v1/tokens/refresh", new { }, bearer: (string?)session!["token"]);
        await host.PostAsync("/api/v1/auth/sign-out", new { }, cookie);

        var entries = host.Log.Entries;
        var own = entries.Where(entry => entry.Category.StartsWith("Clearway.Auth", StringComparison.Ordinal)).ToList();
        Assert.Equal([1, 2, 4, 5, 6, 7, 8, 11, 12], own.Select(entry => entry.Event.Id).Distinct().Order());
        Assert.Contains(own, entry => entry.Text.Contains((string)room["room_id"]!, StringComparison.Ordinal));
        var secrets = new[]
        {
            AuthHost.Password, AuthHost.TurnSecret, "Typed", "typed", Signature(cookie), Signature((string)room["invitation"]!),
            Signature((string)room["organizer_invitation"]!), Signature((string)session["token"]!), Signature((string)refreshed!["token"]!),
        };
        Assert.All(entries, entry => Assert.DoesNotContain(secrets, secret => entry.Text.Contains(secret, StringComparison.Ordinal)));
    }

    private static string Signature(string token) => token.Split('.')[2];
}
