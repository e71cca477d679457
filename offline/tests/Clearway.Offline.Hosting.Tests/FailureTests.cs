using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace Clearway.Offline.Hosting.Tests;

public sealed class FailureTests
{
    [Fact]
    public async Task Resource_NeverHealthy_FailsWithItsNameAndItsAnswer()
    {
        await using var app = await SampleApp.StartAsync("--Sick=true", "--LocalHost:HealthTimeout=00:00:05");

        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => app.ResourceNotifications.WaitForResourceHealthyAsync("service").WaitAsync(SampleApp.Patience));

        Assert.StartsWith("service: not healthy 5 s after its start (/ready answers 503: no store)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resource_ThatWaitsForAFailedOne_FailsForTheSameReason()
    {
        await using var app = await SampleApp.StartAsync("--Ends=no disk left");

        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => app.ResourceNotifications.WaitForResourceHealthyAsync("dependent").WaitAsync(SampleApp.Patience));

        Assert.Equal("service: ended with code 3 instead of starting: no disk left", failure.Message);
    }

    [Fact]
    public async Task Port_TakenByAnother_FailsWithTheMend()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => SampleApp.StartAsync("--DcpPublisher:RandomizePorts=false", $"--RedisPort={port}"));

        Assert.Equal($"redis: port {port} is taken by another program. See which with: ss -ltnp 'sport = :{port}', stop it and start again.", failure.Message);
    }

    [Fact]
    public async Task Publishing_IsRefused()
    {
        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => SampleApp.StartAsync("--operation", "publish"));

        Assert.StartsWith("Publishing needs the packages of Aspire themselves", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownResource_IsRefusedByName()
    {
        await using var app = await SampleApp.StartAsync();

        Assert.Throws<ArgumentException>(() => app.GetEndpoint("nobody", "http"));
        Assert.Throws<ArgumentException>(() => app.CreateHttpClient("service", "nothing"));
    }
}
