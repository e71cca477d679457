using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Clearway.Chat.Files;
using Clearway.Chat.History;
using Clearway.Chat.V1;
using Clearway.Testing;
using Clearway.TestServers;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Clearway.Chat.Tests.Files;

/// <summary>A chat service with PostgreSQL and a blob server of its own.</summary>
public sealed class FilesFixture : IAsyncLifetime
{
    internal const string Key = "a key of at least 32 characters for these tests";

    private PostgresServer _postgres = null!;
    private AzuriteServer _azurite = null!;

    internal ManualTime Time { get; } = new();

    internal ChatHost Host { get; private set; } = null!;

    internal BlobContainerClient Container => Host.Services.GetRequiredService<BlobContainerClient>();

    public async Task InitializeAsync()
    {
        _postgres = await PostgresServer.StartAsync();
        _azurite = await AzuriteServer.StartAsync();
        Host = await ChatHost.StartReadyAsync(
            _postgres.ConnectionString("clearwaydb"),
            Time,
            ("ConnectionStrings:chatfiles", _azurite.ConnectionString + "ContainerName=chatfiles"),
            ("SystemMessages:Key", Key),
            ("Files:MaxBytes", "300000"),
            ("Files:TenantQuotaBytes", "400000"));
    }

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await _azurite.DisposeAsync();
        await _postgres.DisposeAsync();
    }
}

public class FileTests(FilesFixture fixture) : IClassFixture<FilesFixture>
{
    private static readonly byte[] _png = [0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n', 1, 2, 3];

    private readonly ChatHost _chat = fixture.Host;
    private readonly string _room = Lines.NewRoom();
    private readonly string _tenant = "t-" + Guid.NewGuid().ToString("N");

    [Fact]
    public async Task File_Uploaded_ComesBackByteForByteWithASignedAnnouncement()
    {
        var bytes = RandomNumberGenerator.GetBytes(200_001);
        var stored = await UploadAsync(bytes, "plan.bin");
        Assert.Equal((200_001, "plan.bin", "application/octet-stream"), (stored.File.Size, stored.File.Name, stored.File.ContentType));

        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(FilesFixture.Key), Encoding.UTF8.GetBytes(stored.SystemData));
        Assert.Equal(Convert.ToHexStringLower(expected), stored.Security);
        var announced = JsonNode.Parse(stored.SystemData)!;
        Assert.Equal(
            ("file", _room, stored.File.Id, "plan.bin", 200_001L, "p-ada"),
            ((string)announced["kind"]!, (string)announced["room"]!, (string)announced["file_id"]!, (string)announced["name"]!,
                (long)announced["size_bytes"]!, (string)announced["sender_id"]!));

        var (file, read) = await DownloadAsync(stored.File.Id);
        Assert.Equal(stored.File, file);
        Assert.Equal(bytes, read);
    }

    [Theory]
    [InlineData("application/octet-stream", "<html><script>alert(1)</script>")]
    [InlineData("application/octet-stream", "<svg xmlns='http://www.w3.org/2000/svg'/>")]
    [InlineData("application/octet-stream", "%PDF-1.7")]
    [InlineData("image/gif", "GIF89a and more")]
    public async Task File_Type_IsToldByItsBytesAlone(string type, string content) =>
        Assert.Equal(type, (await UploadAsync(Encoding.Latin1.GetBytes(content), "picture.png")).File.ContentType);

    [Fact]
    public async Task File_Png_IsAnImage() => Assert.Equal("image/png", (await UploadAsync(_png, "x.html")).File.ContentType);

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("C:\\Users\\x\\plan.docx", "plan.docx")]
    [InlineData("a\r\nSet-Cookie: x=1", "aSet-Cookie x=1")]
    [InlineData("gpj.\u202Eexe.png", "gpj.exe.png")]
    [InlineData("\"><script>.png", "script.png")]
    [InlineData(" .. ", "file")]
    [InlineData("", "file")]
    [InlineData("план встречи.pdf", "план встречи.pdf")]
    public async Task File_HostileName_IsMadeSafe(string given, string kept) =>
        Assert.Equal(kept, (await UploadAsync(_png, given)).File.Name);

    [Fact]
    public void Announcement_HasTheGoldenShape()
    {
        var golden = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "server.chat_broadcast-file.json")))!["system"]!;
        var file = new StoredFile
        {
            Tenant = "acme",
            Room = "r7k2m9qxw4tz",
            Id = new Guid("0d2f1c8e-4f5b-4a6e-9a35-0d3c1c1d6a11"),
            Name = "plan.png",
            ContentType = "image/png",
            Size = 48_213,
            SenderId = "p-grace",
            SenderName = "Grace",
            UploadedAt = DateTime.UnixEpoch.AddMilliseconds(1_790_000_000_000),
        };

        var announcement = SignedAnnouncement.Of(FileAnnouncement.Of(file), "key"u8);

        Assert.True(JsonNode.DeepEquals(golden, JsonNode.Parse(announcement.Data)), announcement.Data);
        Assert.Equal(FileAnnouncement.Of(file), FileAnnouncement.Read(announcement.Data));
        Assert.Null(FileAnnouncement.Read("""{"kind":"recording","room":"r7k2m9qxw4tz"}"""));
    }

    [Fact]
    public void Name_Long_KeepsItsExtension()
    {
        var name = FileName.Clean(new string('x', 114) + "😀" + new string('y', 300) + ".webm");
        Assert.InRange(name.Length, 1, FileName.Longest);
        Assert.EndsWith(".webm", name, StringComparison.Ordinal);
        Assert.DoesNotContain(name, char.IsSurrogate);
    }

    [Fact]
    public async Task File_OfAnotherRoomOrTenant_IsUnknown()
    {
        var stored = await UploadAsync(_png, "x.png");
        await AssertUnknownAsync(_tenant, Lines.NewRoom(), stored.File.Id);
        await AssertUnknownAsync("umbrella", _room, stored.File.Id);
        await AssertUnknownAsync(_tenant, _room, Guid.NewGuid().ToString());
        await AssertUnknownAsync(_tenant, _room, "../" + stored.File.Id);
    }

    [Theory]
    [InlineData(0, 0, StatusCode.InvalidArgument, "bad_request")]
    [InlineData(10, 9, StatusCode.InvalidArgument, "bad_request")]
    [InlineData(10, 11, StatusCode.InvalidArgument, "bad_request")]
    [InlineData(300_001, 1, StatusCode.InvalidArgument, "body_too_large")]
    public async Task File_OtherThanAnnounced_IsRefused(int announced, int sent, StatusCode status, string code) =>
        await Lines.AssertRefusedAsync(status, code, () => UploadAsync(new byte[sent], "x", announced));

    [Fact]
    public async Task File_ThatDoesNotCome_IsRefusedAndGivesUpItsTurn()
    {
        var idle = Enumerable.Range(0, UploadTurns.MostOfParticipant).Select(_ => _chat.Files.Upload()).ToList();
        foreach (var call in idle)
        {
            await call.RequestStream.WriteAsync(new UploadFileRequest { Header = Header("x", 64 * 1024) });
        }

        var refusals = Task.WhenAll(idle.Select(call => Lines.AssertRefusedAsync(
            StatusCode.InvalidArgument, "bad_request", async () => await call.ResponseAsync)));
        await Eventually.TrueAsync(
            () =>
            {
                fixture.Time.Advance(TimeSpan.FromSeconds(11));
                return refusals.IsCompleted;
            },
            "those who send nothing are refused");
        await refusals;
        idle.ForEach(call => call.Dispose());

        Assert.Equal(_png.Length, (await UploadAsync(_png, "x.png")).File.Size);
    }

    [Fact]
    public async Task File_WhileOthersOfItsSenderHaveTheTurns_IsRefusedAsUnavailableAfterAWhile()
    {
        var turns = _chat.Services.GetRequiredService<UploadTurns>();
        using var one = await turns.TakeAsync(_tenant, "p-ada", CancellationToken.None);
        using var two = await turns.TakeAsync(_tenant, "p-ada", CancellationToken.None);

        Assert.Equal(_png.Length, (await UploadAsync(_png, "x.png", by: "p-grace")).File.Size);
        var refused = Lines.AssertRefusedAsync(StatusCode.Unavailable, "unavailable", () => UploadAsync(_png, "x.png"));
        await Eventually.TrueAsync(
            () =>
            {
                fixture.Time.Advance(UploadTurns.Patience);
                return refused.IsCompleted;
            },
            "who finds no turn is refused");
        await refused;
    }

    [Fact]
    public async Task File_BeyondTheTenantsQuota_IsRefusedAlsoAmongOthersAtOnce()
    {
        var uploads = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            try
            {
                await UploadAsync(new byte[100_000], "x");
                return "stored";
            }
            catch (RpcException refused)
            {
                return refused.Trailers.GetValue("clearway-code");
            }
        }));
        Assert.Equal(["quota_exceeded", "quota_exceeded", "stored", "stored", "stored", "stored"], uploads.Order());
    }

    [Fact]
    public async Task Sweep_LeavesAnnouncedFilesAndDeletesTheBytesOfOthers()
    {
        var announced = await UploadAsync(_png, "stays.png");
        var id = await AnnounceAsync(announced);
        var lonely = await UploadAsync(_png, "lonely.png");

        await SweepAsync();
        Assert.Equal(1, await BlobsAsync());
        Assert.Equal(_png, (await DownloadAsync(announced.File.Id)).Bytes);
        await AssertUnknownAsync(_tenant, _room, lonely.File.Id);

        await _chat.History.DeleteAsync(new DeleteRequest { Change = Change(id, "p-ada") });
        await AssertUnknownAsync(_tenant, _room, announced.File.Id);
        await SweepAsync();
        Assert.Equal(0, await BlobsAsync());
    }

    [Fact]
    public async Task Delete_OfAFilesMessage_IsForItsSenderAndModerators()
    {
        var mine = await AnnounceAsync(await UploadAsync(_png, "mine.png"));
        await Lines.AssertRefusedAsync(
            StatusCode.PermissionDenied,
            "message_forbidden",
            async () => await _chat.History.DeleteAsync(new DeleteRequest { Change = Change(mine, "p-grace") }));
        await _chat.History.DeleteAsync(new DeleteRequest { Change = Change(mine, "p-grace"), IsModerator = true });

        var tombstone = Assert.Single((await _chat.PageAsync(_room, tenant: _tenant)).Messages);
        Assert.Equal(("", "", "p-ada", "Ada"), (tombstone.SystemData, tombstone.Text, tombstone.SenderId, tombstone.SenderName));
        Assert.NotEqual(0, tombstone.DeletedAt);
    }

    /// <summary>Sweeps when all that was uploaded has waited long enough to be announced.</summary>
    private async Task SweepAsync()
    {
        fixture.Time.Advance(TimeSpan.FromHours(2));
        await _chat.Services.GetRequiredService<HistoryJanitor>().SweepAsync(CancellationToken.None);
    }

    private async Task<int> BlobsAsync()
    {
        var count = 0;
        await foreach (var _ in fixture.Container.GetBlobsAsync(prefix: $"{_tenant}/"))
        {
            count++;
        }

        return count;
    }

    private MessageChange Change(string id, string by) => new() { Tenant = _tenant, Room = _room, MessageId = id, By = by, At = 1_790_000_000_000 };

    /// <summary>As the gateway does it.</summary>
    private async Task<string> AnnounceAsync(UploadFileResponse stored)
    {
        var id = new Guid(SHA256.HashData(Convert.FromHexString(stored.Security)).AsSpan(0, 16)).ToString();
        await _chat.AppendAsync(new ChatMessage
        {
            Id = id,
            Tenant = _tenant,
            Room = _room,
            SystemData = stored.SystemData,
            Security = stored.Security,
            SentAt = 1_790_000_000_000,
        });
        return id;
    }

    private Task AssertUnknownAsync(string tenant, string room, string id) => Lines.AssertRefusedAsync(StatusCode.NotFound, "not_found", async () =>
    {
        using var call = _chat.Files.Download(new DownloadFileRequest { Tenant = tenant, Room = room, Id = id });
        await call.ResponseStream.MoveNext(CancellationToken.None);
    });

    private async Task<UploadFileResponse> UploadAsync(byte[] bytes, string name, int? announced = null, string by = "p-ada")
    {
        using var call = _chat.Files.Upload();
        try
        {
            await call.RequestStream.WriteAsync(new UploadFileRequest { Header = Header(name, announced ?? bytes.Length, by) });
            foreach (var chunk in bytes.Chunk(64 * 1024))
            {
                await call.RequestStream.WriteAsync(new UploadFileRequest { Chunk = ByteString.CopyFrom(chunk) });
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
            // Refused before everything was sent: the answer says why.
        }

        return await call.ResponseAsync;
    }

    private FileHeader Header(string name, int size, string by = "p-ada") => new()
    {
        Tenant = _tenant,
        Room = _room,
        SenderId = by,
        SenderName = "Ada",
        Name = name,
        Size = size,
    };

    private async Task<(RoomFile File, byte[] Bytes)> DownloadAsync(string id)
    {
        using var call = _chat.Files.Download(new DownloadFileRequest { Tenant = _tenant, Room = _room, Id = id });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        var file = call.ResponseStream.Current.File;
        using var bytes = new MemoryStream();
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            call.ResponseStream.Current.Chunk.WriteTo(bytes);
        }

        return (file, bytes.ToArray());
    }
}
