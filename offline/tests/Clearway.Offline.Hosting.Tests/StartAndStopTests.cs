using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Aspire.Hosting;
using Aspire.Hosting.Local;
using Aspire.Hosting.Testing;

namespace Clearway.Offline.Hosting.Tests;

public sealed partial class StartAndStopTests
{
    [Fact]
    public async Task Replicas_BehindOneEndpoint_ShareItsConnections()
    {
        await using var app = await SampleApp.StartHealthyAsync("--Replicas=2");

        var processes = new HashSet<int>();
        for (var request = 0; request < 4; request++)
        {
            // Each client has a connection of its own; connections are what is spread.
            using var client = new HttpClient { BaseAddress = app.GetEndpoint("service", "http") };
            processes.Add(await ProcessIdAsync(client));
        }

        Assert.Equal(2, processes.Count);
    }

    [Fact]
    public async Task Project_OfTwoEndpoints_IsToldItsOwnAndTheOthersAddresses()
    {
        await using var app = await SampleApp.StartHealthyAsync();
        using var service = app.CreateHttpClient("service");
        using var dependent = app.CreateHttpClient("dependent", "http");

        Assert.Equal(app.GetEndpoint("service", "http").Port, new Uri(await SettingAsync(service, "Kestrel:Endpoints:http:Url")).Port);
        Assert.Equal(app.GetEndpoint("service", "grpc"), new Uri(await SettingAsync(dependent, "services:service:grpc:0")));
        Assert.Equal(await app.GetConnectionStringAsync("redis"), await SettingAsync(service, "ConnectionStrings:redis"));
    }

    [Fact]
    public async Task Stop_OfARunningTree_LeavesNoProcessAndNoPort()
    {
        var app = await SampleApp.StartHealthyAsync("--Replicas=2");
        using var client = app.CreateHttpClient("service", "http");
        var process = await ProcessIdAsync(client);
        var port = app.GetEndpoint("service", "http").Port;
        Assert.True(SampleApp.IsAlive(process));
        Assert.False(PortAllocator.IsFree(port));

        await app.DisposeAsync();

        Assert.False(SampleApp.IsAlive(process));
        Assert.True(PortAllocator.IsFree(port));
    }

    [Fact]
    public async Task AppHost_KilledWithoutWarning_TakesItsChildrenAlong()
    {
        using var host = StartAppHostProcess("--DcpPublisher:RandomizePorts=true");
        var process = 0;
        await SampleApp.UntilAsync(
            () => (process = ChildOf(host, "Sample.Service.dll")) != 0,
            "the sample AppHost starts its service");

        host.Kill();

        await SampleApp.UntilAsync(() => !SampleApp.IsAlive(process), "the service ends with its AppHost");
    }

    [Fact]
    public async Task AppHost_WhoseServiceEnds_SaysWhyOnOneLineAndExitsWithOne()
    {
        using var host = StartAppHostProcess("--DcpPublisher:RandomizePorts=true", "--Ends=no disk left");
        _ = host.StandardOutput.ReadToEndAsync();

        var errors = await host.StandardError.ReadToEndAsync().WaitAsync(SampleApp.Patience);
        await host.WaitForExitAsync().WaitAsync(SampleApp.Patience);

        Assert.Equal("Cannot start: service: ended with code 3 instead of starting: no disk left", errors.Trim());
        Assert.Equal(1, host.ExitCode);
    }

    private static Process StartAppHostProcess(params string[] args) => Process.Start(
        new ProcessStartInfo("dotnet", [SampleApp.Metadata("SampleAppHost"), .. args]) { RedirectStandardError = true, RedirectStandardOutput = true })!;

    private static int ChildOf(Process parent, string command) => Directory.EnumerateDirectories("/proc")
        .Select(directory => int.TryParse(Path.GetFileName(directory), out var id) ? id : 0)
        .FirstOrDefault(id => id != 0 && IsChild(id, parent.Id, command));

    private static bool IsChild(int id, int parent, string command)
    {
        try
        {
            return ParentLine().Match(File.ReadAllText($"/proc/{id}/status")).Groups[1].Value == parent.ToString(CultureInfo.InvariantCulture)
                && File.ReadAllText($"/proc/{id}/cmdline").Contains(command, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task<int> ProcessIdAsync(HttpClient client) =>
        int.Parse(await client.GetStringAsync(new Uri("/process", UriKind.Relative)), CultureInfo.InvariantCulture);

    private static Task<string> SettingAsync(HttpClient client, string name) =>
        client.GetStringAsync(new Uri($"/setting?name={Uri.EscapeDataString(name)}", UriKind.Relative));

    [GeneratedRegex(@"^PPid:\s+(\d+)$", RegexOptions.Multiline)]
    private static partial Regex ParentLine();
}
