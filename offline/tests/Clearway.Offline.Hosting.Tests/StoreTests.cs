using Aspire.Hosting.Testing;
using Azure.Storage.Blobs;
using Npgsql;

namespace Clearway.Offline.Hosting.Tests;

public sealed class StoreTests
{
    [Fact]
    public async Task Stores_OnceHealthy_AreReachedByTheirConnectionStrings()
    {
        await using var app = await SampleApp.StartAsync("--Stores=true");
        foreach (var store in new[] { "redis", "db", "blobs", "files" })
        {
            await app.ResourceNotifications.WaitForResourceHealthyAsync(store).WaitAsync(SampleApp.Patience);
        }

        Assert.Matches(@"^localhost:\d+,password=a-password$", await app.GetConnectionStringAsync("redis"));
        Assert.Matches(@"^Host=localhost;Port=\d+;Username=postgres;Password=a-password$", await app.GetConnectionStringAsync("postgres"));
        Assert.Matches(
            @"^DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=[^;]+;BlobEndpoint=http://127\.0\.0\.1:\d+/devstoreaccount1;$",
            await app.GetConnectionStringAsync("blobs"));
        Assert.Equal($"{await app.GetConnectionStringAsync("blobs")};ContainerName=files", await app.GetConnectionStringAsync("files"));

        await using var database = new NpgsqlConnection(await app.GetConnectionStringAsync("db"));
        await database.OpenAsync();
        Assert.Equal("the \"database\"", database.Database);
        Assert.True(await new BlobServiceClient(await app.GetConnectionStringAsync("blobs")).GetBlobContainerClient("files").ExistsAsync());
    }

    [Fact]
    public async Task DataFolder_OfAStoppedServer_IsFoundAgain()
    {
        var data = Directory.CreateTempSubdirectory("hosting-tests-");
        try
        {
            await (await SampleApp.StartHealthyAsync($"--Data={data.FullName}")).DisposeAsync();

            Assert.True(File.Exists(Path.Combine(data.FullName, "redis", "dump.rdb")), "Redis writes its data when it is stopped");
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }
}
