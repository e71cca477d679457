using System.Diagnostics;
using Clearway.TestServers;

namespace Clearway.Auth.Tests;

/// <summary>Outside development the service does not start without its secrets, and says why in one line.</summary>
public sealed class StartTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    public static TheoryData<string, string, string> Refusals => new()
    {
        { "Auth__OrganizerPassword", "", "Auth__OrganizerPassword" },
        { "Auth__OrganizerPassword", "short123456", "Auth__OrganizerPassword" },
        { "Auth__OrganizerPassword", "changeme-changeme", "Auth__OrganizerPassword" },
        { "Auth__SigningKeyPem", "", "Auth__SigningKeyPem" },
        { "Auth__SigningKeyPem", "-----BEGIN PRIVATE KEY-----", "Auth__SigningKeyPem" },
        { "Auth__KeysDirectory", "/tmp", "Auth__KeysDirectory" },
        { "Auth__CaPem", "", "Auth__CaPem" },
        { "Auth__CaPem", "-----BEGIN CERTIFICATE-----", "Auth__CaPem" },
        { "Auth__CaDirectory", "/tmp", "Auth__CaDirectory" },
        { "Auth__ApiKeys__0__Secret", "", "Auth__ApiKeys__0__Secret" },
        { "Auth__ApiKeys__0__Secret", "too short a secret", "Auth__ApiKeys__0__Secret" },
        { "Auth__ApiKeys__0__Secret", "changeme-changeme-changeme-changeme", "Auth__ApiKeys__0__Secret" },
        { "Auth__ApiKeys__0__Id", "Not An Id", "Auth__ApiKeys" },
        { "Auth__ApiKeys__0__Grants__0", "rooms:everything", "rooms:everything" },
        { "Auth__Organizations__0__Identity", "Email", "Auth__Organizations__0__Revocation" },
        { "Auth__Organizations__0__Revocation", "None", "Auth__Organizations__0__Tenants" },
        { "Auth__Tenant", "Not A Tenant", "Auth__Tenant" },
        { "Turn__Secret", "", "Turn__Secret" },
        { "Turn__Secret", "short", "Turn__Secret" },
        { "Turn__Urls__0", "https://turn.example", "Turn__Urls" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Start_BadConfiguration_IsRefusedInOneLine(string variable, string value, string named)
    {
        var (exitCode, error) = await RunAsync(variable, value);

        Assert.Equal(1, exitCode);
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("auth does not start: ", line, StringComparison.Ordinal);
        Assert.Contains(named, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_OutsideDevelopment_SetsASecureCookie()
    {
        await using var host = await AuthHost.StartAsync(new()
        {
            ["environment"] = "Production",
            ["Auth:KeysDirectory"] = "",
            ["Auth:SigningKeyPem"] = Tokens.SigningKey.NewPem(),
            ["Auth:CaDirectory"] = "",
            ["Auth:CaPem"] = TestAuthority.NewPem(new Testing.ManualTime().GetUtcNow()),
        });

        var (status, _, response) = await host.PostAsync("/api/v1/auth/sign-in", new { name = "Ada", password = AuthHost.Password });

        Assert.Equal(200, status);
        Assert.Contains("; secure", response.Headers.GetValues("Set-Cookie").Single(), StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<(int ExitCode, string Error)> RunAsync(string variable, string value)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Clearway.Auth.dll")])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["ConnectionStrings__redis"] = $"127.0.0.1:{ServerProcess.FreePort()}";
        start.Environment["Kestrel__Endpoints__http__Url"] = "http://127.0.0.1:0";
        start.Environment["Kestrel__Endpoints__grpc__Url"] = "http://127.0.0.1:0";
        start.Environment["Auth__OrganizerPassword"] = AuthHost.Password;
        start.Environment["Auth__SigningKeyPem"] = Tokens.SigningKey.NewPem();
        start.Environment["Auth__CaPem"] = TestAuthority.NewPem(DateTimeOffset.UtcNow);
        start.Environment["Auth__ApiKeys__0__Id"] = "backend";
        start.Environment["Auth__ApiKeys__0__Tenant"] = "default";
        start.Environment["Auth__ApiKeys__0__Secret"] = "N0t-a-d3fault-but-a-l0ng-random-0ne";
        start.Environment["Turn__Urls__0"] = "turn:turn.example:3478";
        start.Environment["Turn__Secret"] = AuthHost.TurnSecret;
        start.Environment[variable] = value;

        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(_patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = await process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            _ = await output;
            return (process.ExitCode, error);
        }
        finally
        {
            // A service that starts after all would run for ever.
            process.Kill();
        }
    }
}
