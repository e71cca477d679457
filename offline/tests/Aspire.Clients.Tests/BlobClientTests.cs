using Azure.Storage.Blobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Aspire.Clients.Tests;

public sealed class BlobClientTests
{
    private const string Account =
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
        + "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
        + "BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;";

    [Theory]
    [InlineData(Account + "ContainerName=recordings", "http://127.0.0.1:10000/devstoreaccount1/recordings")]
    [InlineData("ContainerName=recordings;" + Account, "http://127.0.0.1:10000/devstoreaccount1/recordings")]
    [InlineData("Endpoint=https://a.blob.core.windows.net/;ContainerName=recordings", "https://a.blob.core.windows.net/recordings")]
    [InlineData("Endpoint=\"https://a.blob.core.windows.net/\";ContainerName=recordings;", "https://a.blob.core.windows.net/recordings")]
    public void Container_IsReadFromTheConnectionString(string text, string address)
    {
        using var host = Build(text);
        Assert.Equal(new Uri(address), host.Services.GetRequiredService<BlobContainerClient>().Uri);
    }

    [Theory]
    [InlineData(Account, "http://127.0.0.1:10000/devstoreaccount1")]
    [InlineData("https://clearway.blob.core.windows.net/", "https://clearway.blob.core.windows.net/")]
    public void Service_IsReadFromTheConnectionString(string text, string address)
    {
        using var host = Build(text);
        Assert.Equal(new Uri(address), host.Services.GetRequiredService<BlobServiceClient>().Uri);
    }

    [Fact]
    public void Container_WithoutAName_SaysSo()
    {
        using var host = Build(Account);
        var error = Assert.Throws<InvalidOperationException>(host.Services.GetRequiredService<BlobContainerClient>);
        Assert.Contains("container name", error.Message, StringComparison.Ordinal);
    }

    private static IHost Build(string text)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:blobs", text)]);
        builder.AddAzureBlobServiceClient("blobs");
        builder.AddAzureBlobContainerClient("blobs");
        return builder.Build();
    }
}
