using System.Globalization;
using Clearway.Auth.V1;
using Clearway.Proxy.Access;
using Clearway.Proxy.Errors;
using Clearway.ServiceDefaults;
using Clearway.Storage.V1;
using RecordingClient = Clearway.Storage.V1.RecordingService.RecordingServiceClient;

namespace Clearway.Proxy.Records;

/// <summary><c>/api/v1/records/...</c>: recordings are created, uploaded in pieces, sealed, and read by link.</summary>
internal static class RecordsEndpoints
{
    private const int MaxTitleElements = 120;
    private const int MaxCreateBytes = 4 * 1024;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>Sealing rewrites the head of the file and hashes the whole.</summary>
    private static readonly TimeSpan SealDeadline = TimeSpan.FromMinutes(5);

    internal static void AddRecords(this IHostApplicationBuilder builder)
    {
        var address = builder.Configuration.GetServiceAddress("storage", "grpc");
        builder.Services.AddGrpcClient<RecordingClient>(client => client.Address = address);
    }

    internal static void MapRecords(this IEndpointRouteBuilder endpoints)
    {
        var recorders = endpoints.MapGroup("/api/v1/records/{id}").AddEndpointFilter(RefuseMalformedId);
        recorders.MapPost("", CreateAsync).RequireRoomToken(Role.Organizer, Role.Moderator);
        recorders.MapMethods("", [HttpMethods.Head], HeadAsync).RequireRoomToken(Role.Organizer, Role.Moderator);
        recorders.MapPatch("", RecordingUpload.AppendAsync)
            .RequireRoomToken(Role.Organizer, Role.Moderator)
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(RecordingUpload.MaxBytes));
        recorders.MapPost("/seal", SealAsync).RequireRoomToken(Role.Organizer, Role.Moderator);
        recorders.MapMethods("/file", [HttpMethods.Get, HttpMethods.Head], RecordingDownload.ReadAsync);
    }

    /// <summary>The recording, when it is one of the token's room.</summary>
    internal static async Task<(Recording? Recording, Problem? Problem)> FindAsync(
        RecordingClient storage,
        string id,
        Claims claims,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var recording = await storage.GetAsync(
            new GetRequest { Id = id, Tenant = claims.Tenant },
            deadline: time.GetUtcNow().UtcDateTime + Deadline,
            cancellationToken: cancellationToken);
        return recording.Room == claims.Room ? (recording, null) : (null, Problem.RoomForbidden);
    }

    private static async ValueTask<object?> RefuseMalformedId(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        RecordingId.IsValid(context.HttpContext.GetRouteValue("id") as string)
            ? await next(context)
            : Problem.RecordingIdMalformed.ToResult();

    private static async Task<IResult> CreateAsync(string id, HttpContext context, RecordingClient storage, TimeProvider time)
    {
        var (body, problem) = await JsonBody.ReadAsync<NewRecording>(context.Request, MaxCreateBytes);
        if (body is null)
        {
            return problem!.ToResult();
        }

        if (new StringInfo(body.Title).LengthInTextElements > MaxTitleElements || body.Title.Any(char.IsControl))
        {
            return Problem.BadRequest($"title has at most {MaxTitleElements} text elements and no control characters.").ToResult();
        }

        var claims = context.RoomClaims();
        var recording = await storage.CreateAsync(
            new CreateRequest { Id = id, Tenant = claims.Tenant, Room = claims.Room, Title = body.Title, RecordedBy = claims.Subject },
            deadline: time.GetUtcNow().UtcDateTime + Deadline,
            cancellationToken: context.RequestAborted);
        context.Response.Headers.Location = $"/api/v1/records/{id}";
        return Wire.ToJson(RecordingBody.Of(recording), StatusCodes.Status201Created);
    }

    private static async Task<IResult> HeadAsync(string id, HttpContext context, RecordingClient storage, TimeProvider time)
    {
        var (recording, problem) = await FindAsync(storage, id, context.RoomClaims(), time, context.RequestAborted);
        if (recording is null)
        {
            return problem!.ToResult();
        }

        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers[RecordingUpload.OffsetHeader] = recording.SizeBytes.ToString(CultureInfo.InvariantCulture);
        return Results.Ok();
    }

    private static async Task<IResult> SealAsync(string id, HttpContext context, RecordingClient storage, TimeProvider time)
    {
        var claims = context.RoomClaims();
        var (recording, problem) = await FindAsync(storage, id, claims, time, context.RequestAborted);
        if (recording is null)
        {
            return problem!.ToResult();
        }

        var answer = await storage.SealAsync(
            new SealRequest { Id = id, Tenant = claims.Tenant },
            deadline: time.GetUtcNow().UtcDateTime + SealDeadline,
            cancellationToken: context.RequestAborted);
        return Wire.ToJson(RecordingBody.Of(answer));
    }
}

/// <summary>Body of <c>POST /api/v1/records/{id}</c>.</summary>
internal sealed record NewRecording(string Title);
