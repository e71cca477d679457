using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Azure;
using Aspire.Hosting.Local.Servers;

namespace Aspire.Hosting
{
    /// <summary>Adds Azure Storage to the model; it always runs as the emulator here.</summary>
    public static class AzureStorageExtensions
    {
        public static IResourceBuilder<AzureStorageResource> AddAzureStorage(this IDistributedApplicationBuilder builder, string name) =>
            builder.AddResource(new AzureStorageResource(name));

        public static IResourceBuilder<AzureStorageResource> RunAsEmulator(this IResourceBuilder<AzureStorageResource> builder, Action<IResourceBuilder<AzureStorageEmulatorResource>>? configureContainer = null)
        {
            builder.WithHttpEndpoint(name: "blob", targetPort: 10000)
                .WithAnnotation(new ContainerImageAnnotation { Image = "azure-storage/azurite" })
                .WithAnnotation(new HealthProbeAnnotation((_, cancellationToken) => AzuriteServer.ProbeAsync(builder.Resource, cancellationToken)));
            configureContainer?.Invoke(builder.ApplicationBuilder.CreateResourceBuilder(new AzureStorageEmulatorResource(builder.Resource)));
            return builder;
        }

        public static IResourceBuilder<AzureStorageEmulatorResource> WithDataVolume(this IResourceBuilder<AzureStorageEmulatorResource> builder, string? name = null, bool isReadOnly = false) =>
            builder.WithVolume(name, "/data", isReadOnly);

        public static IResourceBuilder<AzureStorageEmulatorResource> WithDataBindMount(this IResourceBuilder<AzureStorageEmulatorResource> builder, string? path = null, bool isReadOnly = false) =>
            builder.WithBindMount(path ?? $".azurite/{builder.Resource.Name}", "/data", isReadOnly);

        public static IResourceBuilder<AzureBlobStorageResource> AddBlobs(this IResourceBuilder<AzureStorageResource> builder, string name)
        {
            var blobs = builder.ApplicationBuilder.AddResource(new AzureBlobStorageResource(name, builder.Resource));
            builder.Resource.BlobService ??= blobs.Resource;
            return blobs;
        }

        public static IResourceBuilder<AzureBlobStorageContainerResource> AddBlobContainer(this IResourceBuilder<AzureStorageResource> builder, string name, string? blobContainerName = null)
        {
            var service = builder.Resource.BlobService ?? builder.AddBlobs($"{builder.Resource.Name}-blobs").Resource;
            var container = new AzureBlobStorageContainerResource(name, blobContainerName ?? name, service);
            return builder.ApplicationBuilder.AddResource(container)
                .WithAnnotation(new CreateInParentAnnotation(cancellationToken => AzuriteServer.CreateContainerAsync(container, cancellationToken)));
        }
    }
}

namespace Aspire.Hosting.Azure
{
    /// <summary>A storage account.</summary>
    public class AzureStorageResource(string name) : Resource(name), IResourceWithEndpoints
    {
        internal EndpointReference BlobEndpoint => new(this, "blob");

        internal AzureBlobStorageResource? BlobService { get; set; }
    }

    /// <summary>The emulator in place of a storage account; shares its annotations.</summary>
    public class AzureStorageEmulatorResource(AzureStorageResource innerResource) : ContainerResource(innerResource.Name)
    {
        public override ResourceAnnotationCollection Annotations => innerResource.Annotations;
    }

    /// <summary>The blob service of a storage account.</summary>
    public class AzureBlobStorageResource(string name, AzureStorageResource storage)
        : Resource(name), IResourceWithParent<AzureStorageResource>, IResourceWithConnectionString
    {
        // The emulator's account and key are the same everywhere and documented by its maker: no secret.
        private const string Account =
            "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;" +
            "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;";

        public AzureStorageResource Parent { get; } = storage;

        public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
            $"{Account}BlobEndpoint=http://{Parent.BlobEndpoint.Property(EndpointProperty.IPV4Host)}:{Parent.BlobEndpoint.Property(EndpointProperty.Port)}/devstoreaccount1;");
    }

    /// <summary>A blob container.</summary>
    public class AzureBlobStorageContainerResource(string name, string blobContainerName, AzureBlobStorageResource parent)
        : Resource(name), IResourceWithParent<AzureBlobStorageResource>, IResourceWithConnectionString
    {
        public AzureBlobStorageResource Parent { get; } = parent;

        public string BlobContainerName { get; } = blobContainerName;

        public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Parent};ContainerName={BlobContainerName}");
    }
}
