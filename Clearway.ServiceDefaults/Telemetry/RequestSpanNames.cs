using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Clearway.ServiceDefaults.Telemetry;

/// <summary>
/// Gives the server's spans what the platform leaves out: the name "METHOD route", route, status code and error, as OpenTelemetry's
/// semantic conventions for HTTP servers have them.
/// </summary>
internal sealed class RequestSpanNames : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(DescribeAsync);
        next(app);
    };

    private static async Task DescribeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
            Describe(context, context.Response.StatusCode, error: null);
        }
        catch (Exception exception)
        {
            var status = context.Response.HasStarted ? context.Response.StatusCode : StatusCodes.Status500InternalServerError;
            Describe(context, status, exception.GetType().FullName);
            throw;
        }
    }

    private static void Describe(HttpContext context, int status, string? error)
    {
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { IsAllDataRequested: true } span)
        {
            return;
        }

        // Unknown methods are whatever a client sends: as names they would be as many as anybody likes.
        var method = IsKnown(context.Request.Method) ? context.Request.Method : "HTTP";
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        span.DisplayName = route is null ? method : $"{method} {route}";
        span.SetTag("http.route", route);
        span.SetTag("http.response.status_code", status);
        if (status >= 500 || error is not null)
        {
            span.SetTag("error.type", error ?? status.ToString(CultureInfo.InvariantCulture));
            span.SetStatus(ActivityStatusCode.Error);
        }
    }

    private static bool IsKnown(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsPost(method) || HttpMethods.IsHead(method) || HttpMethods.IsPut(method)
        || HttpMethods.IsPatch(method) || HttpMethods.IsDelete(method) || HttpMethods.IsOptions(method) || HttpMethods.IsConnect(method);
}
