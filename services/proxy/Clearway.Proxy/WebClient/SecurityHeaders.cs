namespace Clearway.Proxy.WebClient;

/// <summary>What every answer tells the browser not to do.</summary>
internal static class SecurityHeaders
{
    private const string Permissions =
        "camera=(self), microphone=(self), display-capture=(self), autoplay=(self), fullscreen=(self), picture-in-picture=(self), "
        + "screen-wake-lock=(self), speaker-selection=(self), clipboard-write=(self), "
        + "geolocation=(), payment=(), usb=(), serial=(), hid=(), midi=()";

    internal static void UseSecurityHeaders(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
        {
            app.UseHsts();
        }

        app.Use((context, next) =>
        {
            context.Response.OnStarting(static state =>
            {
                Add(((HttpContext)state).Request, ((HttpContext)state).Response.Headers);
                return Task.CompletedTask;
            }, context);
            return next(context);
        });
    }

    private static void Add(HttpRequest request, IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = Permissions;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (headers.ContentSecurityPolicy.Count == 0)
        {
            headers.ContentSecurityPolicy = Policy(request.Host);
        }
    }

    /// <summary>
    /// 'self' covers WebSockets of the same host in browsers that follow CSP level 3; the two addresses are for those that do not. The
    /// host is the client's word: it is used only when it consists of characters of a host.
    /// </summary>
    private static string Policy(HostString host)
    {
        var sockets = host.Value is { Length: > 0 and <= 255 } value
            && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or ':' or '[' or ']')
            ? $" ws://{value} wss://{value}"
            : "";
        return "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
            + $"connect-src 'self'{sockets}; worker-src 'self' blob:; font-src 'self'; object-src 'none'; base-uri 'none'; "
            + "frame-ancestors 'none'; form-action 'self'";
    }
}
