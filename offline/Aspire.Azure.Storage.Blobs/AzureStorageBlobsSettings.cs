using Azure.Core;

namespace Aspire.Azure.Storage.Blobs;

/// <summary>Settings of the section <c>Aspire:Azure:Storage:Blobs</c>.</summary>
public class AzureStorageBlobsSettings
{
    /// <summary>A connection string with key or SAS; wins over <see cref="ServiceUri"/>.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Address of the blob service, used with <see cref="Credential"/>.</summary>
    public Uri? ServiceUri { get; set; }

    /// <summary>How to authenticate to <see cref="ServiceUri"/>.</summary>
    public TokenCredential? Credential { get; set; }

    /// <summary>Leaves the health check out.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Accepted for the package's sake: the client's spans are those of its HTTP requests.</summary>
    public bool DisableTracing { get; set; }

    /// <summary><c>ConnectionStrings:{name}</c>: the service's address, or a connection string of the account.</summary>
    internal virtual void ReadConnectionString(string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri))
        {
            ServiceUri = uri;
        }
        else
        {
            ConnectionString = text;
        }
    }
}
