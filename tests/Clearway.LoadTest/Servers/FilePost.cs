using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Clearway.LoadTest.Servers;

/// <summary>The least that an upload costs on Kestrel: the body of a POST goes into a file.</summary>
internal static class FilePost
{
    internal static Task ServeAsync(int port, string file)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var app = builder.Build();
        app.Urls.Add(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        app.MapPost("/", async (HttpRequest request) =>
        {
            await using var target = File.Create(file);
            await request.BodyReader.CopyToAsync(target);
        });
        return app.RunAsync();
    }
}
