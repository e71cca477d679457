using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs.Models;

namespace Clearway.Storage.Tests.Recordings;

[Collection(BlobTests.Name)]
public sealed class ManifestTests(BlobFixture blobs)
{
    private readonly Bench _bench = new(blobs);

    [Fact]
    public async Task Chain_IsThatOfTheFile_PieceByPiece()
    {
        var id = await _bench.CreatedAsync();
        await _bench.UploadAsync(id, Sample.Bytes, 40_000);
        await _bench.Consents.AddAsync(id, "p-ada", isGranted: true, default);
        await _bench.Consents.AddAsync(id, "p-bob", isGranted: false, default);
        await _bench.SealAsync(id);
        var file = await _bench.SealedBytesAsync(id);

        var (manifest, _, isValid) = (await _bench.Manifests.ReadAsync(id, default))!.Value;
        Assert.True(isValid);
        using var json = JsonDocument.Parse(manifest);
        Assert.Equal("clearway-storage", json.RootElement.GetProperty("signer").GetString());
        Assert.Equal(
            [("p-ada", true), ("p-bob", false)],
            json.RootElement.GetProperty("consents").EnumerateArray()
                .Select(consent => (consent.GetProperty("participant").GetString()!, consent.GetProperty("granted").GetBoolean())));

        var (previous, offset) = (id.Value, 0);
        foreach (var link in json.RootElement.GetProperty("chain").EnumerateArray())
        {
            var length = link.GetProperty("length").GetInt32();
            var sha256 = Convert.ToHexStringLower(SHA256.HashData(file.AsSpan(offset, length)));
            Assert.Equal(offset, link.GetProperty("offset").GetInt32());
            Assert.Equal(sha256, link.GetProperty("sha256").GetString());
            var text = string.Create(CultureInfo.InvariantCulture, $"{previous} {offset} {length} {sha256}");
            previous = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
            Assert.Equal(previous, link.GetProperty("link").GetString());
            offset += length;
        }

        Assert.Equal(file.Length, offset);
    }

    [Fact]
    public async Task Consent_OfWhoChangesTheirMindForEver_TakesNobodysRoom_AndCanBeWithdrawn()
    {
        var id = await _bench.CreatedAsync();
        for (var i = 0; i < 5; i++)
        {
            Assert.True(await _bench.Consents.AddAsync(id, "p-eve", isGranted: false, default));
            Assert.True(await _bench.Consents.AddAsync(id, "p-eve", isGranted: false, default));
            Assert.True(await _bench.Consents.AddAsync(id, "p-eve", isGranted: true, default));
        }

        Assert.True(await _bench.Consents.AddAsync(id, "p-eve", isGranted: false, default));
        Assert.False(await _bench.Consents.AddAsync(id, "p-eve", isGranted: true, default));
        Assert.True(await _bench.Consents.AddAsync(id, "p-ada", isGranted: true, default));

        var consents = await _bench.Consents.ReadAsync(id, default);
        Assert.Equal(11, consents.Count(consent => consent.Participant == "p-eve"));
        Assert.False(consents.Last(consent => consent.Participant == "p-eve").Granted);
        Assert.Equal("p-ada", consents[^1].Participant);
    }

    [Fact]
    public async Task Manifest_OfASealedRecordingThatHasNone_IsWrittenWhenItIsAskedFor()
    {
        var id = await _bench.CreatedAsync();
        await _bench.UploadAsync(id, Sample.Bytes);
        Assert.Null(await _bench.Manifests.GetAsync((await _bench.Store.FindAsync(id, default))!, default));
        await _bench.SealAsync(id);

        // As if the process had died between sealing and writing it.
        await _bench.Container.GetBlobClient(id.ManifestBlob).DeleteAsync();

        var manifest = await _bench.Manifests.GetAsync((await _bench.Store.FindAsync(id, default))!, default);
        Assert.True(manifest?.IsValid);
        Assert.Equal(manifest?.Manifest, (await _bench.Manifests.ReadAsync(id, default))?.Manifest);
    }

    [Fact]
    public async Task Consent_KeptWhileTheRecordingIsSealed_ComesIntoTheManifest()
    {
        var id = await _bench.CreatedAsync();
        await _bench.UploadAsync(id, Sample.Bytes);
        await _bench.Manifests.RefreshAsync(id, default);
        Assert.Null(await _bench.Manifests.ReadAsync(id, default));

        await _bench.SealAsync(id);
        await _bench.Consents.AddAsync(id, "p-ada", isGranted: false, default);
        await _bench.Manifests.RefreshAsync(id, default);

        var (manifest, _, isValid) = (await _bench.Manifests.ReadAsync(id, default))!.Value;
        Assert.True(isValid);
        using var json = JsonDocument.Parse(manifest);
        Assert.Equal(
            "p-ada", Assert.Single(json.RootElement.GetProperty("consents").EnumerateArray()).GetProperty("participant").GetString());
    }

    [Fact]
    public async Task Manifest_ThatWasChanged_IsNotValid()
    {
        var id = await _bench.CreatedAsync();
        await _bench.UploadAsync(id, Sample.Bytes);
        await _bench.SealAsync(id);
        var blob = _bench.Container.GetBlobClient(id.ManifestBlob);
        var stored = (await blob.DownloadContentAsync()).Value;
        var forged = stored.Content.ToString().Replace("Weekly", "Yearly", StringComparison.Ordinal);
        await blob.UploadAsync(BinaryData.FromString(forged), new BlobUploadOptions { Metadata = stored.Details.Metadata });

        Assert.False((await _bench.Manifests.ReadAsync(id, default))!.Value.IsValid);
    }
}
