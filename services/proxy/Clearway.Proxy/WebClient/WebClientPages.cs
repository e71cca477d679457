
namespace Clearway.Proxy.WebClient;

/// <summary>The browser client: files as they are, and its page for every address that it routes itself.</summary>
internal static class WebClientPages
{
    private const string Index = "index.html";

    /// <summary>The client's build puts a hash into the name of everything below this folder.</summary>
    private const string HashedFolder = "/assets";

    private static readonly string[] Pages = ["/", "/join", "/room/{**rest}", "/recordings/{**rest}"];

    internal static void AddWebClient(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<WebClientFiles>();
        builder.Services.AddResponseCompression(compression => compression.EnableForHttps = true);
    }

    internal static void UseWebClientFiles(this WebApplication app)
    {
        // The client's files alone: they hold no secret whose length a guess could change (BREACH).
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments(HashedFolder, StringComparison.Ordinal),
            files => files.UseResponseCompression());
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = app.Services.GetRequiredService<WebClientFiles>(),
            OnPrepareResponse = file => file.Context.Response.Headers.CacheControl =
                file.Context.Request.Path.StartsWithSegments(HashedFolder, StringComparison.Ordinal)
                    ? "public, max-age=31536000, immutable"
                    : "no-cache",
        });
    }

    internal static void MapWebClientPages(this IEndpointRouteBuilder endpoints)
    {
        foreach (var page in Pages)
        {
            endpoints.MapMethods(page, [HttpMethods.Get, HttpMethods.Head], SendIndexAsync);
        }

        endpoints.MapFallback("{**path}", SendNotFoundAsync);
    }

    // A person who opens an address that there is not is told so by the client's own page, and everybody else by a problem.
    private static Task SendNotFoundAsync(HttpContext context, WebClientFiles files)
    {
        var request = context.Request;
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            && !request.Path.StartsWithSegments("/api")
            && request.GetTypedHeaders().Accept.Any(type => type.MediaType == "text/html")
            ? SendIndexAsync(context, files)
            : Task.CompletedTask;
    }

    private static async Task SendIndexAsync(HttpContext context, WebClientFiles files)
    {
        var index = files.GetFileInfo(Index);
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.ContentType = "text/html; charset=utf-8";
        if (index.Exists)
        {
            await context.Response.SendFileAsync(index, context.RequestAborted);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        await context.Response.WriteAsync(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Clearway</title><h1>The web client is not built</h1>"
            + "<p>Build it with <code>npm ci &amp;&amp; npm run build</code> in <code>services/web</code>, "
            + "then reload this page.</p></html>",
            context.RequestAborted);
    }
}
