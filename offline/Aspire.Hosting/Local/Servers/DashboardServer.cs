using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local.Servers;

/// <summary>The Aspire dashboard, by the command line tool that brings it.</summary>
/// <param name="tool">Path of the tool <c>aspire</c>.</param>
internal sealed class DashboardResource(string tool) : ExecutableResource("dashboard", tool, "/")
{
    public EndpointReference Otlp => new(this, "otlp");

    /// <summary>Adds the dashboard when its tool is here (<c>LocalHost:Dashboard</c>) and something to show it (<c>LocalHost:DashboardUrl</c>).</summary>
    public static DashboardResource? AddTo(DistributedApplicationBuilder builder)
    {
        var tool = builder.Configuration["LocalHost:Dashboard"];
        if (builder.IsTest || tool is null || !File.Exists(tool) || !Uri.TryCreate(builder.Configuration["LocalHost:DashboardUrl"], UriKind.Absolute, out var address))
        {
            return null;
        }

        var dashboard = new DashboardResource(tool);
        builder.AddResource(dashboard)
            .WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, "http", name: "otlp"))
            .WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, "http", name: "otlp-http"))
            .WithArgs(
                "dashboard", "run", "--allow-anonymous", "--nologo", "--non-interactive", "--log-level", "Warning",
                "--frontend-url", address.ToString(), "--otlp-grpc-url", dashboard.Otlp, "--otlp-http-url", new EndpointReference(dashboard, "otlp-http"));
        return dashboard;
    }
}

/// <summary>Starts the dashboard; an application runs as well without one.</summary>
internal sealed class DashboardServer : ILocalServer
{
    public Task<ProcessSpec> PrepareAsync(ResourceStart start, CancellationToken cancellationToken)
    {
        var port = new Uri(start.Options.DashboardUrl!).Port;
        return PortAllocator.IsFree(port)
            ? Task.FromResult(new ProcessSpec(((DashboardResource)start.Resource).Command, start.Arguments)
            {
                WorkingDirectory = start.RunDirectory,

                // The tool passes no signal on to the dashboard that it starts.
                StopSignal = LocalProcess.SigInt,
                SignalChildren = true,
            })
            : throw new ServerUnavailableException($"dashboard: port {port} is taken by another program, so there is no dashboard.");
    }
}
