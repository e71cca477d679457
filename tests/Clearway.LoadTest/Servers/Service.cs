using System.Globalization;
using Clearway.TestServers;

namespace Clearway.LoadTest.Servers;

/// <summary>One of the product's services as a process.</summary>
internal static class Service
{
    private static readonly TimeSpan _longestStart = TimeSpan.FromSeconds(60);

    internal static string Address(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

    /// <summary>Starts a service and waits until it says that it is ready.</summary>
    /// <exception cref="InvalidOperationException">It does not become ready.</exception>
    internal static async Task<Running> StartAsync(
        string folder, string project, int? core, IReadOnlyDictionary<string, string> settings)
    {
        var program = Repository.Service(folder, project);
        var port = ServerProcess.FreePort();
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Kestrel__Endpoints__http__Url"] = Address(port),

            // One line for each join and leave would be measured as well, and through this program's own pipe.
            ["Logging__LogLevel__Default"] = "Warning",
        };
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        var service = await Running.StartAsync("dotnet", ["exec", program], port, core, environment, Path.GetDirectoryName(program));
        try
        {
            // The proxy is ready when storage is, which is not started.
            await WaitAsync(service, folder == "proxy" ? "/health/live" : "/health/ready");
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    private static async Task WaitAsync(Running service, string health)
    {
        using var http = new HttpClient();
        using var patience = new CancellationTokenSource(_longestStart);
        var last = "";
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(Address(service.Port) + health), patience.Token);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }

                last = await answer.Content.ReadAsStringAsync(patience.Token);
                await Task.Delay(50, patience.Token);
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                throw new InvalidOperationException($"A service does not become ready: {last}\n{service.Output}", exception);
            }
        }
    }
}
