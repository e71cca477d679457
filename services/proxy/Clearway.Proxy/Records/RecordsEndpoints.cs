using Clearway.Auth.V1;
using Clearway.Proxy.Access;
using Clearway.Proxy.Errors;
using Clearway.ServiceDefaults;
using Clearway.Storage.V1;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using RecordingClient = Clearway.Storage.V1.RecordingService.RecordingServiceClient;

namespace Clearway.Proxy.Records;

/// <summary><c>/api/v1/records/...</c>: recordings are uploaded by tus, sealed, read by link, and kept in order.</summary>
internal static class RecordsEndpoints
{
    private const string Root = "/api/v1/records";

    /// <summary>Sealing rewrites the head of the file and hashes the whole.</summary>
    private static readonly TimeSpan SealDeadline = TimeSpan.FromMinutes(5);

    internal static void AddRecords(this IHostApplicationBuilder builder)
    {
        var address = builder.Configuration.GetServiceAddress("storage", "grpc");
        builder.Services.AddGrpcClient<RecordingClient>(client => client.Address = address);
        builder.Services.AddSingleton<RecordingLibrary>();
        builder.Services.AddSingleton<RecordingChapters>();
        builder.Services.AddOptions<PieceCacheOptions>().BindConfiguration("PieceCache")
            .Validate(options => options.Bytes >= 0, "PieceCache:Bytes must not be negative.").ValidateOnStart();
        builder.Services.AddSingleton<PieceCache>();
        builder.Services.AddSingleton<RecordingBytes>();

        // What a slow reader makes the transport hold: a thousand of them are 16 MiB.
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.MaxWriteBufferSize = 16 * 1024);
    }

    /// <summary>tus asks a server to heed X-HTTP-Method-Override, for clients behind proxies that know no PATCH.</summary>
    internal static void UseRecordsMethodOverride(this WebApplication app) =>
        app.UseWhen(context => context.Request.Path.StartsWithSegments(Root), records => records.UseHttpMethodOverride());

    internal static void MapRecords(this IEndpointRouteBuilder endpoints)
    {
        var library = endpoints.ServiceProvider.GetRequiredService<RecordingLibrary>();
        endpoints.MapMethods(Root, [HttpMethods.Options], TusProtocol.Describe);
        endpoints.MapPost(Root, RecordingUpload.CreateAsync).RequireTus().RequireRoomToken(Role.Organizer, Role.Moderator, Role.Participant);
        endpoints.MapGet(Root, (Delegate)library.ListAsync).RequireLibrarian();

        var one = endpoints.MapGroup($"{Root}/{{id}}").AddEndpointFilter(RefuseMalformedId);
        one.MapMethods("", [HttpMethods.Options], TusProtocol.Describe);
        one.MapMethods("", [HttpMethods.Head], RecordingUpload.FindAsync).RequireTus().RequireUploader();
        one.MapPatch("", RecordingUpload.AppendAsync)
            .RequireTus().RequireUploader().WithMetadata(new RequestSizeLimitAttribute(TusProtocol.MaxBytes));
        one.MapDelete("", (Delegate)RecordingUpload.TerminateAsync).RequireTus().RequireUploader();
        one.MapPost("/seal", SealAsync).RequireUploader();

        one.MapGet("", library.GetAsync).RequireLibrarian();
        one.MapPut("/title", library.RenameAsync).RequireLibrarian();
        one.MapPost("/links", library.CreateLinkAsync).RequireLibrarian();
        one.MapDelete("/links", library.RevokeLinksAsync).RequireLibrarian();
        one.MapGet("/manifest", library.GetManifestAsync).RequireLibrarian();
        one.MapPost("/consents", library.AddConsentAsync).RequireRoomToken();

        var chapters = endpoints.ServiceProvider.GetRequiredService<RecordingChapters>();
        one.MapPost("/speech", chapters.AddAsync).RequireUploader();
        one.MapGet("/chapters", chapters.ReadAsync);
        one.MapGet("/chapters.vtt", chapters.ReadVttAsync);

        one.MapMethods("/file", [HttpMethods.Get, HttpMethods.Head], RecordingDownload.ReadAsync);
        one.MapDelete("/file", library.DeleteAsync).RequireLibrarian();
    }

    private static async ValueTask<object?> RefuseMalformedId(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        RecordingId.IsValid(context.HttpContext.GetRouteValue("id") as string)
            ? await next(context)
            : Problem.RecordingIdMalformed.ToResult();

    private static async Task<IResult> SealAsync(string id, HttpContext context, RecordingClient storage, TimeProvider time)
    {
        var answer = await storage.SealAsync(
            new SealRequest { Id = id, Access = context.StorageAccess() },
            deadline: time.GetUtcNow().UtcDateTime + SealDeadline,
            cancellationToken: context.RequestAborted);
        return Wire.ToJson(RecordingBody.Of(answer));
    }
}
