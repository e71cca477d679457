using Clearway.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Clearway.EndToEndTests;

/// <summary>The web server of somebody who embeds calls: it has the client's package with its example, and nothing else of Clearway.</summary>
internal sealed class IntegratorSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private IntegratorSite(WebApplication app) => _app = app;

    /// <summary>Address of the example page.</summary>
    internal Uri Address => new(_app.Urls.Single() + "/sdk/examples/call.html");

    /// <summary>Starts it on a free port.</summary>
    internal static async Task<IntegratorSite> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(context =>
        {
            var (file, type) = context.Request.Path.Value switch
            {
                "/sdk/examples/call.html" => ("examples/call.html", "text/html; charset=utf-8"),
                "/sdk/dist/clearway-client.js" => ("dist/clearway-client.js", "text/javascript"),
                _ => (null, null),
            };
            if (file is null)
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }

            context.Response.ContentType = type;
            return context.Response.SendFileAsync(Path.Combine(Repository.Folder, "services", "web", "sdk", file));
        });
        await app.StartAsync();
        return new IntegratorSite(app);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
