using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace Clearway.ServiceDefaults.Tests;

public sealed class RequiredSecretsTests
{
    private const string Good = "kX93jf0aQm27LpzRw5TnVb81cYd4GhEs";

    [Theory]
    [InlineData("Production", Good, true)]
    [InlineData("Production", null, false)]
    [InlineData("Production", "   ", false)]
    [InlineData("Production", "kX93jf0aQm27LpzRw5TnVb81cYd4GhE", false)]
    [InlineData("Production", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    [InlineData("Production", "changeme-changeme-changeme-changeme", false)]
    [InlineData("Staging", "Password1Password2Password3Password4", false)]
    [InlineData("Development", "short", true)]
    [InlineData("Development", null, false)]
    public async Task Host_WithSecret_StartsOnlyWhenItIsOne(string environment, string? secret, bool starts)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection([new("Links:Key", secret)]);
        builder.RequireSecret("Links:Key", minimumLength: 32);
        using var host = builder.Build();

        var error = await Record.ExceptionAsync(() => host.StartAsync());

        if (starts)
        {
            Assert.Null(error);
            await host.StopAsync();
        }
        else
        {
            var refusal = Assert.IsType<OptionsValidationException>(error);
            Assert.Contains("Links__Key", refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(string.IsNullOrWhiteSpace(secret) ? "kX93" : secret, refusal.Message, StringComparison.Ordinal);
        }
    }
}
