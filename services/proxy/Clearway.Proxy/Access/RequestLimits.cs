using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Clearway.Proxy.Errors;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Clearway.Proxy.Access;

/// <summary>How much one address and one tenant may ask for, and in what form.</summary>
internal sealed class RequestLimitOptions
{
    /// <summary>Requests a minute from one address: a full room that types, behind one.</summary>
    public int RequestsPerMinute { get; set; } = 30_000;

    /// <summary>Requests a minute with room tokens of one tenant, wherever they come from.</summary>
    public int TenantRequestsPerMinute { get; set; } = 120_000;

    /// <summary>Sign-ins a minute from one address, good and bad: enough for an office. Auth counts the wrong passwords, and more strictly.</summary>
    public int SignInsPerMinute { get; set; } = 60;

    /// <summary>Redeemed invitations a minute from one address: a full room may sit behind one.</summary>
    public int RedemptionsPerMinute { get; set; } = 200;

    /// <summary>Largest request body where the path does not say otherwise.</summary>
    public long MaxBodyBytes { get; set; } = 64 * 1024;

    /// <summary>All headers of a request together; a token has 8 KiB at most.</summary>
    public int MaxHeaderBytes { get; set; } = 16 * 1024;

    /// <summary>Headers of a request.</summary>
    public int MaxHeaders { get; set; } = 64;

    /// <summary>How long a client may take to send its headers.</summary>
    public TimeSpan HeaderTimeout { get; set; } = TimeSpan.FromSeconds(10);

    internal bool IsPositive =>
        this is
        {
            RequestsPerMinute: > 0, TenantRequestsPerMinute: > 0, SignInsPerMinute: > 0, RedemptionsPerMinute: > 0, MaxBodyBytes: > 0,
            MaxHeaderBytes: > 0, MaxHeaders: > 0,
        }
        && HeaderTimeout > TimeSpan.Zero;
}

internal static class RequestLimits
{
    internal const string SignIn = "sign-in";
    internal const string Redeem = "redeem";

    internal static void AddRequestLimits(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<RequestLimitOptions>()
            .Bind(builder.Configuration.GetSection("RequestLimits"))
            .Validate(limits => limits.IsPositive, "RequestLimits must be positive.")
            .ValidateOnStart();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<RequestLimitOptions>>((kestrel, limits) =>
        {
            kestrel.Limits.MaxRequestBodySize = limits.Value.MaxBodyBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = limits.Value.MaxHeaderBytes;
            kestrel.Limits.MaxRequestHeaderCount = limits.Value.MaxHeaders;
            kestrel.Limits.RequestHeadersTimeout = limits.Value.HeaderTimeout;
            kestrel.AddServerHeader = false;
        });
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = RejectAsync;
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(
                context => PerAddress(context, "any", limits => limits.RequestsPerMinute));
            limiter.AddPolicy(SignIn, context => PerAddress(context, SignIn, limits => limits.SignInsPerMinute));
            limiter.AddPolicy(Redeem, context => PerAddress(context, Redeem, limits => limits.RedemptionsPerMinute));
        });
        builder.Services.AddSingleton<TenantLimits>();
    }

    private static RateLimitPartition<string> PerAddress(HttpContext context, string policy, Func<RequestLimitOptions, int> perMinute)
    {
        var permits = perMinute(context.RequestServices.GetRequiredService<IOptions<RequestLimitOptions>>().Value);
        return RateLimitPartition.GetFixedWindowLimiter(
            $"{policy} {Network(context.Connection.RemoteIpAddress)}",
            _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = TimeSpan.FromMinutes(1) });
    }

    /// <summary>An IPv4 address, or the /64 of an IPv6 address: one customer has that many.</summary>
    private static string Network(IPAddress? address)
    {
        if (address is null)
        {
            return "";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }

    private static async ValueTask RejectAsync(OnRejectedContext context, CancellationToken cancellationToken) =>
        await Rejection(context.HttpContext, context.Lease).ExecuteAsync(context.HttpContext);

    /// <summary>429, with the time after which to come again.</summary>
    internal static IResult Rejection(HttpContext context, RateLimitLease lease)
    {
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromMinutes(1);
        context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Problem.TooManyRequests.ToResult();
    }
}
