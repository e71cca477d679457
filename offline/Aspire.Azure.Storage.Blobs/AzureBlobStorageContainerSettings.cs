using System.Text.RegularExpressions;

namespace Aspire.Azure.Storage.Blobs;

/// <summary>Settings of one container.</summary>
public sealed partial class AzureBlobStorageContainerSettings : AzureStorageBlobsSettings
{
    /// <summary>The container's name.</summary>
    public string? BlobContainerName { get; set; }

    /// <summary>
    /// <c>Endpoint=address;ContainerName=name</c>, or a connection string of the account followed by <c>;ContainerName=name</c>.
    /// Parts are cut out of the text: the account key is in base 64 and would be escaped by a connection string builder.
    /// </summary>
    internal override void ReadConnectionString(string text)
    {
        if (ContainerName().Match(text) is { Success: true } name)
        {
            BlobContainerName = name.Groups[1].Value.Trim();
            text = ContainerName().Replace(text, "");
        }

        if (Endpoint().Match(text) is { Success: true } endpoint
            && Uri.TryCreate(endpoint.Groups[1].Value.Trim(), UriKind.Absolute, out var uri))
        {
            ServiceUri = uri;
        }
        else
        {
            ConnectionString = text;
        }
    }

    [GeneratedRegex(@"(?<=^|;)\s*ContainerName\s*=\s*""?([^;""]+)""?;?", RegexOptions.IgnoreCase)]
    private static partial Regex ContainerName();

    [GeneratedRegex(@"(?<=^|;)\s*Endpoint\s*=\s*""?([^;""]+)""?;?", RegexOptions.IgnoreCase)]
    private static partial Regex Endpoint();
}
