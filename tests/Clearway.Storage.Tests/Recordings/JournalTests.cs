using Clearway.Storage.Recordings;

namespace Clearway.Storage.Tests.Recordings;

[Collection(BlobTests.Name)]
public sealed class JournalTests(BlobFixture blobs)
{
    private static readonly Consent Entry = new("p-ада", Granted: true, At: 1790000000000);

    [Fact]
    public async Task Addition_BeyondItsBytes_IsRefused_AndASmallerOneIsTaken()
    {
        var journal = Journal(maxBytes: 200);
        var id = Example.Id();

        Assert.False(await journal.AddAsync(id, [Entry, Entry, Entry], default));
        Assert.Empty(await journal.ReadAsync(id, 10, default));
        Assert.True(await journal.AddAsync(id, [Entry, Entry], default));
        Assert.False(await journal.AddAsync(id, [Entry], default));
        Assert.Equal([Entry, Entry], await journal.ReadAsync(id, 10, default));
    }

    [Fact]
    public async Task Read_OfMoreThanIsAskedFor_GivesTheFirst()
    {
        var journal = Journal(maxBytes: 1 << 20);
        var id = Example.Id();
        await journal.AddAsync(id, Enumerable.Range(0, 1000).Select(at => Entry with { At = at }), default);

        Assert.Equal([0, 1, 2], (await journal.ReadAsync(id, 3, default)).Select(entry => entry.At));
    }

    private Journal<Consent> Journal(long maxBytes) =>
        new(blobs.Container(), id => id.ConsentBlob, JournalJson.Default.Consent, maxBytes);
}
